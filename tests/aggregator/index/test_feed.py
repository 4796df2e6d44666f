from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event
from sqlmodel import Session, SQLModel

from aggregator.index.base import Query
from aggregator.index.directory import open_searcher, read_state
from aggregator.index.feed import catch_up, rebuild
from aggregator.offer import Offer
from aggregator.settings import Settings
from aggregator.store.engine import connect
from aggregator.store.tables import ChangeRow, OfferRow, Operation, SourceRow, Subject

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def engine(tmp_path):
    engine = connect(Settings(data_dir=tmp_path).database)
    SQLModel.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "index"


def write(engine, identity, title="Treff", operation=Operation.MOD, into=None, **fields):
    """Do to the record what publishing does: the offer and its line in the log."""
    with Session(engine) as session:
        flat = Offer(id=identity, title=title, **fields).model_dump(mode="json")
        row = OfferRow(id=identity, flat=flat, merged_into=into, created_at=NOW, changed_at=NOW)
        session.merge(row)
        session.add(
            ChangeRow(at=NOW, operation=operation, subject=Subject.OFFER, subject_id=identity)
        )
        session.commit()


def log(engine, subject, identity, operation=Operation.MOD):
    with Session(engine) as session:
        session.add(ChangeRow(at=NOW, operation=operation, subject=subject, subject_id=identity))
        session.commit()


def content(folder):
    return {hit.id: hit.offer for hit in open_searcher(folder).search(Query(limit=1000)).items}


def titles(folder):
    return {identity: offer["title"] for identity, offer in content(folder).items()}


def test_changes_arrive(engine, folder):
    assert catch_up(engine, folder, "tantivy") == 0
    write(engine, "a", operation=Operation.ADD)
    write(engine, "b", "Kurs", status="defunct")
    log(engine, Subject.LISTING, "a")
    assert catch_up(engine, folder, "tantivy") == 3
    assert titles(folder) == {"a": "Treff", "b": "Kurs"}
    write(engine, "a", "Café")
    write(engine, "b", operation=Operation.MERGE, into="a")
    write(engine, "c")
    log(engine, Subject.OFFER, "c", Operation.DEL)
    write(engine, "d")
    log(engine, Subject.OFFER, "d", Operation.DEL)
    write(engine, "d", "Wieder da", operation=Operation.ADD)
    log(engine, Subject.OFFER, "never-seen")
    assert catch_up(engine, folder, "tantivy") == 11
    expected = {"a": "Café", "d": "Wieder da"}
    assert titles(folder) == expected
    assert read_state(folder).seq == 11
    rebuild(engine, folder, "tantivy")
    assert titles(folder) == expected


def test_who_has_no_place_is_found_where_the_sites_are_that_list_it(engine, folder):
    with Session(engine) as session:
        regions = {"nordost": "11003", "rhein": "05315", "dorf": "Musterhausen", "bund": "DE"}
        session.add_all(SourceRow(id=one, title=one, region=regions[one]) for one in regions)
        session.commit()
    write(engine, "home", "Leihoma", sources=["nordost"])
    write(engine, "elsewhere", "Leihoma", city="Leipzig", sources=["nordost"])
    write(engine, "rhine", "Leihoma", sources=["rhein"])
    write(engine, "village", "Leihoma", sources=["dorf", "bund"])
    catch_up(engine, folder, "tantivy")
    searcher = open_searcher(folder)

    def first(words):
        return searcher.search(Query(words, understand=False)).items[0].id

    def exactly(words):
        return {hit.id for hit in searcher.search(Query(words)).items}

    assert first("Leihoma Pankow") == "home"
    assert first("Leihoma Köln") == "rhine"
    assert exactly('"Musterhausen"') == {"village"}
    assert not exactly('"DE"')
    assert "listed_for" not in content(folder)["home"]


def test_nothing_new_touches_nothing(engine, folder):
    write(engine, "a")
    catch_up(engine, folder, "tantivy")
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    assert catch_up(engine, folder, "tantivy") == 1
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_an_index_ahead_of_the_log_is_built_anew(engine, folder, tmp_path):
    for title in ("Treff", "Kurs", "Café"):
        write(engine, "a", title)
    catch_up(engine, folder, "tantivy")
    other = connect(Settings(data_dir=tmp_path / "restored").database)
    SQLModel.metadata.create_all(other)
    write(other, "b", "Aus der Sicherung")
    assert catch_up(other, folder, "tantivy") == 1
    assert titles(folder) == {"b": "Aus der Sicherung"}
    other.dispose()


def test_more_offers_than_one_statement_loads(engine, folder):
    with Session(engine) as session:
        for number in range(900):
            flat = Offer(id=f"o{number}", title=f"Kurs {number}").model_dump(mode="json")
            session.add(OfferRow(id=f"o{number}", flat=flat, created_at=NOW, changed_at=NOW))
            session.add(
                ChangeRow(
                    at=NOW, operation=Operation.ADD, subject=Subject.OFFER, subject_id=f"o{number}"
                )
            )
        session.commit()
    rebuild(engine, folder, "tantivy")
    built = titles(folder)
    assert len(built) == 900
    (state,) = folder.glob("g-*/state.json")
    state.write_text(state.read_text().replace('"seq": 900', '"seq": 0'))
    assert catch_up(engine, folder, "tantivy") == 900
    assert titles(folder) == built


def test_an_interrupted_rebuild_leaves_the_old_index_and_can_be_repeated(engine, folder):
    write(engine, "a")
    catch_up(engine, folder, "tantivy")
    write(engine, "b")

    def fail(*_args):
        raise ConnectionError("database went away")

    event.listen(engine, "before_cursor_execute", fail)
    with pytest.raises(ConnectionError):
        rebuild(engine, folder, "tantivy")
    event.remove(engine, "before_cursor_execute", fail)
    assert titles(folder) == {"a": "Treff"}
    assert catch_up(engine, folder, "tantivy") == 2
    assert titles(folder) == {"a": "Treff", "b": "Treff"}


steps = st.tuples(
    st.sampled_from("abcd"),
    st.sampled_from(["Schuldnerberatung", "Väter*gruppe", "Kita am Hang", "Treff"]),
    st.sampled_from(["write", "write", "merge", "delete", "catch up"]),
)


@given(st.lists(steps, max_size=12))
@settings(max_examples=10, derandomize=True, deadline=None)
def test_step_by_step_is_the_same_as_anew(tmp_path_factory, history):
    folder = tmp_path_factory.mktemp("feed")
    engine = connect(Settings(data_dir=folder).database)
    SQLModel.metadata.create_all(engine)
    for identity, title, step in history:
        if step == "write":
            write(engine, identity, title)
        elif step == "merge":
            write(engine, identity, title, Operation.MERGE, into="z")
        elif step == "delete":
            log(engine, Subject.OFFER, identity, Operation.DEL)
        else:
            catch_up(engine, folder / "steps", "tantivy")
    catch_up(engine, folder / "steps", "tantivy")
    rebuild(engine, folder / "anew", "tantivy")
    engine.dispose()
    assert content(folder / "steps") == content(folder / "anew")
    for text in ("Beratung", "Kindergarten", "Vätergruppe", "Schuldnerb", "-Treff"):
        steps, anew = (
            open_searcher(folder / name).search(Query(text, facets=("status",)))
            for name in ("steps", "anew")
        )
        assert {hit.id for hit in steps.items} == {hit.id for hit in anew.items}
        assert (steps.total, steps.facets) == (anew.total, anew.facets)
