"""Three hundred hostile model files: refused with a code, or survived by a new worker."""

from pathlib import Path

from tests.support.gguf_storm import GgufStorm
from tests.support.model_workers import QUESTION, running_worker
from tests.support.tiny_gguf import DEFAULT_ANSWER, write_tiny_gguf

FILES, WORKERS = 300, 16


def test_every_hostile_file_is_refused_or_survived_and_a_good_one_runs_after_them(tmp_path: Path) -> None:
    storm = GgufStorm(tmp_path, WORKERS)
    storm.run(range(FILES))
    storm.check()
    assert sum(storm.ends.values()) == FILES
    with running_worker(write_tiny_gguf(tmp_path / "good.gguf")) as (worker, _log):
        assert worker.generate(QUESTION, max_tokens=60).result(30).text == DEFAULT_ANSWER
