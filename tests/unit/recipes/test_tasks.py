"""Scenes: what the target claims stands in the source it names, and a seed decides everything."""

import re
from itertools import pairwise
from random import Random

import pytest

from app.domain.prompt import NO_SOURCE_MARK, Speaker, Task, build_prompt
from models.recipes.mix import DEPLOYED, load_kinds
from models.recipes.tasks import SceneShape, draw_scene, run_of

COUNT = 400


@pytest.fixture(scope="module")
def scenes():
    kinds = load_kinds().training["clinic"]
    return [draw_scene(Random(f"test/{number}"), kinds, SceneShape()) for number in range(COUNT)]


def _cited(target):
    """(sentence, number of its source) of each part of a target."""
    return [(text.strip(), int(number)) for text, number in re.findall(r"(.*?)\s\[(\d)\]", target)]


def test_every_number_of_a_target_stands_in_the_source_it_names(scenes):
    for scene in scenes:
        for text, number in _cited(scene.target):
            source = scene.sources[number - 1].text
            assert not [value for value in re.findall(r"\d[\d.:,]*\d|\d", text) if value not in source]


def test_a_target_names_exactly_its_sources_or_is_the_mark_for_none(scenes):
    for scene in scenes:
        if scene.target == NO_SOURCE_MARK:
            assert scene.source == ()
        else:
            assert {number for _, number in _cited(scene.target)} == set(scene.source)
            assert scene.target.endswith("]") == (scene.task is not Task.WARMER)


def test_the_last_turn_is_the_visitors_and_turns_alternate(scenes):
    for scene in scenes:
        speakers = [turn.speaker for turn in scene.turns]
        assert speakers[-1] is Speaker.VISITOR
        assert all(left is not right for left, right in pairwise(speakers))


def test_about_a_quarter_of_the_scenes_have_no_answer(scenes):
    share = sum(scene.target == NO_SOURCE_MARK for scene in scenes) / COUNT
    assert 0.15 < share < 0.40


def test_the_same_seed_draws_the_same_scene_and_another_seed_another():
    kinds = load_kinds().training["law"]
    first, again, other = (draw_scene(Random(seed), kinds, SceneShape()) for seed in ("a", "a", "b"))
    assert first == again
    assert first != other


def test_a_scene_fits_the_prompt_layout_of_the_worker(scenes):
    for scene in scenes[:50]:
        text = "".join(segment.text for segment in build_prompt(scene.turns, scene.sources, scene.task))
        assert text.endswith(f"Task: {scene.task.value}<|im_end|>\n<|im_start|>assistant\n")
        for number, source in enumerate(scene.sources, start=1):
            assert f"[{number}] {source.title}\n{source.text}\n" in text


def test_values_differ_between_scenes_so_that_remembering_cannot_help(scenes):
    numbers = [value for scene in scenes for value in re.findall(r"\d{3,}", scene.target)]
    assert len(set(numbers)) > 0.6 * len(numbers)


def test_an_answer_is_its_sentence_and_the_next_one_and_both_name_their_source():
    assert run_of(["A.", "B.", "C."], 1, 0) == "B. [1] C. [1]"
    assert run_of(["A.", "B."], 1, 1) == "B. [2]"


def test_a_shorter_reply_is_one_sentence_and_a_warmer_one_has_courtesies_without_numbers_around_it(scenes):
    answered = [scene for scene in scenes if scene.target != NO_SOURCE_MARK]
    shorter = [scene for scene in answered if scene.task is Task.SHORTER]
    warmer = [scene for scene in answered if scene.task is Task.WARMER]
    assert shorter
    assert warmer
    assert all(len(_cited(scene.target)) == 1 for scene in shorter)
    assert all(re.search(r"\[\d\] [A-Z][^\[\d]+[.]$", scene.target) for scene in warmer)


def test_what_the_console_offers_has_the_answer_first_in_most_cases_and_never_more_than_two_passages():
    kinds = load_kinds().training["clinic"]
    drawn = [draw_scene(Random(f"deployed/{number}"), kinds, DEPLOYED) for number in range(COUNT)]
    paired = [scene for scene in drawn if len(scene.sources) == 2 and len(scene.source) == 1]
    assert max(len(scene.sources) for scene in drawn) == 2
    assert 0.75 < sum(scene.source == (1,) for scene in paired) / len(paired) < 0.95
    assert sum(scene.target == NO_SOURCE_MARK for scene in drawn) < 0.18 * COUNT
