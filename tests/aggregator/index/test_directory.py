import json
import subprocess
import sys
import threading
import time

import pytest

from aggregator.index import directory, opening, synonyms, tantivy_engine, understanding
from aggregator.index.base import Query
from aggregator.index.directory import open_searcher, open_writer, read_state


def offer(identity, title="Treff"):
    return {"id": identity, "title": title}


def put(folder, seq, *identities, anew=False):
    with open_writer(folder, anew=anew) as writer:
        writer.apply(map(offer, identities), (), seq)


def found(searcher):
    return sorted(hit.id for hit in searcher.search(Query(limit=100)).items)


def generations(folder):
    return sorted(path.name for path in folder.glob("g-*"))


def test_without_an_index_nothing_is_found_and_nothing_is_written(tmp_path):
    searcher = open_searcher(tmp_path / "index")
    hits = searcher.search(Query("Treff", facets=("topics",)))
    assert (hits.total, hits.seq, hits.facets) == (0, 0, {"topics": {}})
    assert searcher.seq() == 0
    assert not (tmp_path / "index").exists()


def test_a_reader_follows_commits_and_generations(tmp_path):
    searcher = open_searcher(tmp_path)
    put(tmp_path, 3, "a")
    assert (found(searcher), searcher.seq()) == (["a"], 3)
    put(tmp_path, 4, "b")
    assert (found(searcher), searcher.seq()) == (["a", "b"], 4)
    put(tmp_path, 9, "c", anew=True)
    assert (found(searcher), searcher.seq()) == (["c"], 9)
    assert len(generations(tmp_path)) == 1


def test_offers_are_replaced_and_deleted(tmp_path):
    put(tmp_path, 1, "a", "b")
    with open_writer(tmp_path) as writer:
        writer.apply([offer("a", "Kurs")], ["b", "unknown"], 2)
    (hit,) = open_searcher(tmp_path).search(Query()).items
    assert hit.offer == {"id": "a", "title": "Kurs"}


def test_the_old_generation_answers_until_the_new_one_is_whole(tmp_path):
    put(tmp_path, 1, "a")
    searcher = open_searcher(tmp_path)
    with open_writer(tmp_path, anew=True) as writer:
        writer.apply([offer("b")], (), 2)
        assert found(searcher) == ["a"]
    assert found(searcher) == ["b"]


@pytest.mark.parametrize("anew", [False, True])
def test_what_fails_half_way_leaves_everything_as_it_was(tmp_path, anew):
    put(tmp_path, 1, "a")

    def breaks():
        yield offer("b")
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"), open_writer(tmp_path, anew=anew) as writer:
        writer.apply(breaks(), ["a"], 2)
    assert found(open_searcher(tmp_path)) == ["a"]
    assert read_state(tmp_path).seq == 1
    put(tmp_path, 2, "b")
    assert found(open_searcher(tmp_path)) == ["a", "b"]
    assert len(generations(tmp_path)) == 1


@pytest.mark.parametrize("name", ["schema", "analyser", "vocabulary"])
def test_other_versions_are_built_anew(tmp_path, name):
    put(tmp_path, 1, "a")
    (state,) = tmp_path.glob("g-*/state.json")
    state.write_text(json.dumps({**json.loads(state.read_text()), name: "other"}))
    with open_writer(tmp_path) as writer:
        assert (writer.fresh, writer.seq) == (True, 0)
    assert found(open_searcher(tmp_path)) == ([] if name == "schema" else ["a"])


@pytest.mark.parametrize("damage", ["meta.json", "state.json", "current"])
def test_a_broken_index_is_built_anew(tmp_path, damage):
    put(tmp_path, 1, "a")
    (path,) = tmp_path.rglob(damage)
    path.write_text("{broken")
    assert open_searcher(tmp_path).search(Query()).total == 0
    put(tmp_path, 2, "b")
    assert found(open_searcher(tmp_path)) == ["b"]


def test_a_second_writer_waits_for_the_first(tmp_path):
    entered = threading.Event()

    def second():
        with open_writer(tmp_path) as writer:
            entered.set()
            writer.apply([offer("b")], (), writer.seq + 1)

    with open_writer(tmp_path) as writer:
        thread = threading.Thread(target=second)
        thread.start()
        writer.apply([offer("a")], (), 1)
        assert not entered.wait(0.3)
    thread.join(10)
    assert found(open_searcher(tmp_path)) == ["a", "b"]
    assert read_state(tmp_path).seq == 2


def test_a_reader_in_another_process_sees_a_commit_within_a_second(tmp_path):
    put(tmp_path, 1, "a")
    code = (
        "import sys, time; from pathlib import Path\n"
        "from aggregator.index.directory import open_searcher\n"
        "searcher = open_searcher(Path(sys.argv[1])); print(searcher.seq(), flush=True)\n"
        "while searcher.seq() < 2: time.sleep(0.01)\n"
        "print(time.time(), flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as reader:
        assert reader.stdout.readline() == "1\n"
        put(tmp_path, 2, "b")
        committed = time.time()
        assert float(reader.stdout.readline()) - committed < 1


def test_a_commit_that_was_cut_short_can_be_made_again(tmp_path):
    put(tmp_path, 1, "a", "b")
    (generation,) = tmp_path.glob("g-*")
    before = {name: (generation / name).read_bytes() for name in ("meta.json", "state.json")}
    for _ in range(2):
        with open_writer(tmp_path) as writer:
            writer.apply((), ["a"], 2)
        assert found(open_searcher(tmp_path)) == ["b"]
        assert list(generation.glob("*.del"))
        for name, content in before.items():  # as if killed before the engine named its new files
            (generation / name).write_bytes(content)
    assert found(open_searcher(tmp_path)) == ["a", "b"]


def test_a_killed_writer_is_no_obstacle(tmp_path):
    put(tmp_path, 1, "a")
    code = (
        "import os, signal, sys; from pathlib import Path\n"
        "from aggregator.index.directory import open_writer\n"
        "def offers():\n"
        "    yield {'id': 'b', 'title': 'Kurs'}\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "with open_writer(Path(sys.argv[1]), anew=sys.argv[2] == 'anew') as writer:\n"
        "    writer.apply(offers(), ['a'], 2)\n"
    )
    for way in ("anew", "on"):
        killed = subprocess.run([sys.executable, "-c", code, str(tmp_path), way], check=False)
        assert killed.returncode == -9
        assert found(open_searcher(tmp_path)) == ["a"]
    put(tmp_path, 2, "b")
    assert found(open_searcher(tmp_path)) == ["a", "b"]
    assert len(generations(tmp_path)) == 1


def test_a_crash_between_commit_and_state_is_repaired_by_doing_it_again(tmp_path):
    put(tmp_path, 1, "a")
    (state,) = tmp_path.glob("g-*/state.json")
    before = state.read_text()
    put(tmp_path, 2, "b")
    state.write_text(before)
    with open_writer(tmp_path) as writer:
        assert (writer.fresh, writer.seq) == (False, 1)
        writer.apply([offer("b")], ["b"], 2)
    assert found(open_searcher(tmp_path)) == ["a", "b"]


def test_threads_may_share_a_reader_while_the_index_changes(tmp_path):
    put(tmp_path, 1, "a")
    searcher = open_searcher(tmp_path)
    seen, stop = [], threading.Event()

    def read():
        while not stop.is_set():
            hits = searcher.search(Query("Treff"))
            seen.append(hits.total >= hits.seq >= 1)

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for seq in range(2, 6):
        put(tmp_path, seq, *(f"x{number}" for number in range(seq)), anew=seq % 2 == 0)
    stop.set()
    for thread in threads:
        thread.join()
    assert seen
    assert all(seen)


def test_a_reader_that_may_not_write_follows_all_the_same(tmp_path, monkeypatch):
    put(tmp_path, 1, "a")
    monkeypatch.setattr(tantivy_engine.os, "access", lambda *_: False)
    searcher = open_searcher(tmp_path)
    assert found(searcher) == ["a"]
    put(tmp_path, 2, "b")
    assert (found(searcher), searcher.seq()) == (["a", "b"], 2)
    put(tmp_path, 3, "c", anew=True)
    assert (found(searcher), searcher.seq()) == (["c"], 3)


def test_a_reader_writes_nothing(tmp_path):
    put(tmp_path, 1, "a")
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    assert found(open_searcher(tmp_path)) == ["a"]
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_a_large_index_answers_with_old_words_until_it_has_learnt_the_new_ones(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(directory, "_SMALL", 0)
    with open_writer(tmp_path) as writer:
        writer.apply([offer("a", "Sternschnuppenfest")], (), 1)
    searcher = open_searcher(tmp_path)
    searcher.prepare()
    assert searcher.corrected("sternschnupenfest") == {"sternschnupenfest": "sternschnuppenfest"}
    with open_writer(tmp_path) as writer:
        writer.apply([offer("b", "Kaleidoskop")], (), 2)
    assert searcher.search(Query("kaleidoskop")).total == 1
    assert searcher.corrected("sternschnupenfest") == {"sternschnupenfest": "sternschnuppenfest"}
    wanted = {"kaleidoskob": "kaleidoskop"}
    ends = time.monotonic() + 20
    while searcher.corrected("kaleidoskob") != wanted and time.monotonic() < ends:
        time.sleep(0.01)
    assert searcher.corrected("kaleidoskob") == wanted
    assert [one.text for one in searcher.suggest("kaleid")] == ["Kaleidoskop"]


def test_a_bad_offer_leaves_the_index_as_it_was(tmp_path):
    offers = [{"id": f"o{n}", "title": "Treff"} for n in range(600)]
    with open_writer(tmp_path) as writer:
        writer.apply(iter(offers), (), 1)
    with pytest.raises(KeyError), open_writer(tmp_path) as writer:
        writer.apply(iter([*offers, {"title": "without an id"}]), (), 2)
    assert open_searcher(tmp_path).search(Query("Treff")).total == len(offers)


def test_the_first_question_waits_for_nothing_that_is_learnt_once(tmp_path):
    learnt = {
        f"{module.__name__}.{name}": known
        for module in (opening, synonyms, understanding)
        for name, known in vars(module).items()
        if hasattr(known, "cache_info") and known.cache_parameters()["maxsize"] is None
    }
    assert len(learnt) > 8
    with open_writer(tmp_path) as writer:
        writer.apply([offer("a")], (), 1)
    searcher = open_searcher(tmp_path)
    for known in learnt.values():
        known.cache_clear()
    searcher.prepare()
    before = {name: known.cache_info().misses for name, known in learnt.items()}
    searcher.search(Query("Kind krank in Pankow, samstags auf Türkisch", {"open": ("now",)}))
    assert {name: known.cache_info().misses for name, known in learnt.items()} == before
