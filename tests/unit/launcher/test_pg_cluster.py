import pytest

from launcher import pg_cluster, system
from launcher.console import Trouble
from launcher.pg_cluster import Cluster, find_binaries
from launcher.postgres import ensure_postgres

needs_postgresql = pytest.mark.skipif(
    not find_binaries(), reason="no PostgreSQL server programs on this machine"
)


@pytest.fixture(autouse=True)
def own_server(monkeypatch):
    for name in (
        "DATABASE_URL",
        "PGHOST",
        "PGHOSTADDR",
        "PGSERVICE",
        "PGUSER",
        "PGPORT",
    ):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def cleaned(paths):
    yield paths
    for test_mode in (True, False):
        Cluster(paths, test_mode, find_binaries()).remove()


@needs_postgresql
def test_last_user_stops_the_server(cleaned):
    first = ensure_postgres(cleaned, test_mode=True)
    second = ensure_postgres(cleaned, test_mode=True)
    first.close()
    assert second.psql("SELECT 6 * 7", "postgres") == "42"
    second.close()
    assert not second.cluster.is_running()


@needs_postgresql
def test_databases_are_made_copied_saved_and_dropped(cleaned, tmp_path):
    with ensure_postgres(cleaned, test_mode=True) as server:
        server.createdb("lau_one")
        server.psql("CREATE TABLE t AS SELECT 'é' AS v", "lau_one")
        assert server.psql("SELECT unaccent(v) FROM t", "lau_one") == "e"
        server.clone("lau_one", "lau_two")
        server.dump("lau_two", tmp_path / "dump")
        server.restore(tmp_path / "dump", "lau_three")
        assert server.psql("SELECT v FROM t", "lau_three") == "é"
        server.dropdb("lau_two")
        server.dropdb("lau_never_there")
        assert not server.exists("lau_two")
        assert server.exists("lau_three")


@needs_postgresql
def test_tests_and_trial_have_servers_of_their_own(cleaned):
    with (
        ensure_postgres(cleaned, test_mode=True) as fast,
        ensure_postgres(cleaned, test_mode=False) as safe,
    ):
        assert fast.psql("SHOW fsync", "postgres") == "off"
        assert safe.psql("SHOW fsync", "postgres") == "on"
        assert fast.cluster.data != safe.cluster.data


@needs_postgresql
def test_half_made_cluster_is_made_again(cleaned):
    server = ensure_postgres(cleaned, test_mode=True)
    server.close()
    server.cluster._complete_mark.unlink()
    (server.cluster.data / "PG_VERSION").unlink()
    with ensure_postgres(cleaned, test_mode=True) as again:
        assert again.major >= 13


@needs_postgresql
def test_data_of_another_version_is_explained(cleaned, monkeypatch):
    ensure_postgres(cleaned, test_mode=True).close()
    monkeypatch.setattr(pg_cluster, "read_major", lambda folder: 99)
    with pytest.raises(Trouble) as caught:
        ensure_postgres(cleaned, test_mode=True)
    assert "this machine now has 99" in caught.value.sentence


def test_long_checkout_path_puts_the_socket_elsewhere(tmp_path, monkeypatch):
    from launcher.paths import Paths

    monkeypatch.setattr(system, "is_root", lambda: False)
    local = tmp_path / ("long " * 20)
    cluster = Cluster(Paths(tmp_path, local, tmp_path), True, tmp_path)
    assert len(str(cluster.socket_folder)) < 85
    assert cluster.data.is_relative_to(local)


def test_too_old_server_programs_are_not_found(tmp_path, monkeypatch, only_programs):
    folder = tmp_path / "fake-bin"
    for name in ("initdb", "pg_ctl"):
        only_programs(name, "")
    only_programs("pg_config", f"echo {folder}")
    only_programs("postgres", "echo 'postgres (PostgreSQL) 12.9'")
    assert not pg_cluster._will_do(folder)
    only_programs("postgres", "echo 'postgres (PostgreSQL) 16.1'")
    assert find_binaries() == folder


def test_missing_server_is_installed_or_explained(paths, monkeypatch):
    monkeypatch.setattr("launcher.postgres.find_binaries", lambda: None)
    asked = []
    monkeypatch.setattr(
        system, "install_packages", lambda names, why: asked.append(names)
    )
    monkeypatch.setattr(system, "is_root", lambda: False)
    with pytest.raises(Trouble) as caught:
        ensure_postgres(paths)
    assert asked == [["postgresql"]]
    assert "DATABASE_URL" in caught.value.remedy
