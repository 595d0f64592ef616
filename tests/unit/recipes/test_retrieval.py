"""The material of the word vectors: topics are whole, no two are one, and trial offices ask what they claim to ask."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from app.knowledge.vectors import Floats, words_for_vectors
from models.recipes.retrieval.generated import all_topics, name_pairs, read_topics, read_uncovered, topic_files
from models.recipes.retrieval.material import Material
from models.recipes.retrieval.offices import MAX_ASIDES, Office, draw_offices

BUCKETS = 64


def encode(text: str) -> Floats:
    """Stand in for a table: words of one bucket are alike."""
    counts = np.zeros(BUCKETS, np.float32)
    for word in words_for_vectors(text):
        counts[sum(word.encode()) % BUCKETS] += 1
    return counts / max(float(np.linalg.norm(counts)), 1e-9)


def offices() -> list[Office]:
    topics = [topic for topic in all_topics() if topic.name.startswith(("dental", "vet", "glasses", "physio"))]
    return list(draw_offices(Material([], topics, read_uncovered()), encode, seed=5, count=3))


@pytest.mark.parametrize("file", topic_files(), ids=lambda file: file.stem)
def test_every_topic_says_something_and_is_asked_for_in_several_ways(file: Path) -> None:
    for topic in read_topics(file):
        assert topic.statements, topic.name
        assert len(topic.questions) >= 2, topic.name


def test_no_two_topics_have_one_name() -> None:
    counts = Counter(topic.name for topic in all_topics())
    assert [name for name, count in counts.items() if count > 1] == []


def test_no_question_is_both_answered_and_left_open_by_one_topic() -> None:
    both = [(t.name, q) for t in all_topics() for q in t.questions if q in t.near_misses]
    assert both == []


def test_no_question_that_no_office_answers_is_a_question_of_a_topic() -> None:
    asked = {question.casefold() for topic in all_topics() for question in topic.questions}
    assert [text for text in read_uncovered() if text.casefold() in asked] == []


def test_names_for_one_thing_are_two_at_least() -> None:
    assert all(pair.left and pair.right for pair in name_pairs())


def test_a_covered_question_of_a_trial_office_has_its_answer_there() -> None:
    for office in offices():
        held = {article.article_id for article in office.articles}
        assert all(case.answer in held for case in office.cases if case.answer)


def test_a_trial_office_asks_covered_and_uncovered_questions() -> None:
    for office in offices():
        covered = sum(case.answer is not None for case in office.cases)
        assert covered >= 20
        assert MAX_ASIDES <= len(office.cases) - covered <= covered


def test_the_same_seed_draws_the_same_offices() -> None:
    assert offices() == offices()
