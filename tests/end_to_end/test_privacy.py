"""Nothing that is private gets out: not to other machines, not into a log."""

import psutil

from rag.stack.testing import RunningStack


def test_everything_listens_on_this_machine_alone(stack: RunningStack) -> None:
    processes = [psutil.Process(stack.process.pid), *psutil.Process(stack.process.pid).children(recursive=True)]
    connections = [connection for process in processes for connection in process.net_connections(kind="inet")]
    listening = {(connection.laddr.ip, connection.laddr.port) for connection in connections if connection.status == "LISTEN"}
    addresses = {f"http://{ip}:{port}" for ip, port in listening}
    assert {stack.service_url, stack.webui_url} <= addresses
    assert {ip for ip, _ in listening} == {"127.0.0.1"}


def test_no_secret_is_in_a_log(stack: RunningStack) -> None:
    assert stack.leaked() == []
