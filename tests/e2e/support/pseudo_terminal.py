"""Runs a program in a pseudo terminal, for tests: `pseudo_terminal.py COLUMNS ROWS PROGRAM ARGS…`.

Lines of JSON on standard input: {"type": base64} to type, {"resize": [columns, rows]}, {"signal": number}. At its end the program
is killed. Lines of JSON on standard output: {"output": base64}; at last {"exit": code, or minus the signal, "restored": whether
the terminal's settings are those from before, and who reads it next waits}.
"""
import base64
import fcntl
import json
import os
import select
import signal
import struct
import sys
import termios


def set_size(fd: int, columns: int, rows: int) -> None:
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def start(slave: int, command: list[str]) -> int:
    pid = os.fork()
    if pid == 0:
        os.login_tty(slave)
        os.execvp(command[0], command)
    return pid


def say(event: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(event) + "\n")
    sys.stdout.flush()


def obey(line: bytes, master: int, pid: int) -> None:
    order = json.loads(line)
    if "type" in order:
        os.write(master, base64.b64decode(order["type"]))
    elif "resize" in order:
        set_size(master, *order["resize"])
    elif "signal" in order:
        os.kill(pid, order["signal"])


def drain(master: int) -> None:
    """What the program has written and nobody has read yet."""
    while select.select([master], [], [], 0)[0]:
        say({"output": base64.b64encode(os.read(master, 65536)).decode()})


def main() -> None:
    columns, rows, *command = sys.argv[1:]
    master, slave = os.openpty()
    set_size(master, int(columns), int(rows))
    before = termios.tcgetattr(slave)
    # The slave stays open here, so that it can be looked at when the program is gone.
    pid = start(slave, command)
    end = os.pidfd_open(pid)
    pending = b""
    watched = [master, end, 0]
    while True:
        ready = select.select(watched, [], [])[0]
        if master in ready:
            say({"output": base64.b64encode(os.read(master, 65536)).decode()})
        if 0 in ready:
            read = os.read(0, 65536)
            if not read:
                os.kill(pid, signal.SIGKILL)
                watched.remove(0)
            *lines, pending = (pending + read).split(b"\n")
            for line in lines:
                obey(line, master, pid)
        if end in ready:
            drain(master)
            status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            say({"exit": status, "restored": termios.tcgetattr(slave) == before and os.get_blocking(slave)})
            return


if __name__ == "__main__":
    main()
