"""Fixtures: one process for all tests, without faults at the beginning of each."""

from collections.abc import Iterator

import pytest

from service.client import EdgeService, running, trust


@pytest.fixture(scope="session")
def edge_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EdgeService]:
    with running(tmp_path_factory.mktemp("service")) as service:
        trust(service.authority)
        yield service


@pytest.fixture
def edge_service(edge_process: EdgeService) -> EdgeService:
    edge_process.begin()
    return edge_process
