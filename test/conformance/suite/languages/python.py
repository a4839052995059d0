"""Cells in Python, for ipykernel: the yardstick."""

NAME = "python"
FILE_EXTENSION = ".py"

UPSTREAM = {
    "code_hello_world": "print('hello, world')",
    "code_stderr": "import sys; print('oops', file=sys.stderr)",
    "completion_samples": [{"text": "zi", "matches": {"zip"}}],
    "complete_code_samples": ["1", "print('hello, world')", "def f(x):\n  return x*2\n\n"],
    "incomplete_code_samples": ["print('''hello", "def f(x):\n  x*2"],
    "invalid_code_samples": ["import = 7q"],
    "code_page_something": "zip?",
    "code_generate_error": "raise ValueError('boom')",
    "code_execute_result": [
        {"code": "1+2+3", "result": "6"},
        {"code": "[n*n for n in range(1, 4)]", "result": "[1, 4, 9]"},
    ],
    "code_display_data": [
        {"code": "from IPython.display import HTML, display; display(HTML('<b>x</b>'))",
         "mime": "text/html"},
    ],
    "code_history_pattern": "1?2*",
    # Without range: IPython calls its own session 0 in a range and by its number in a tail, so
    # that jupyter_kernel_test, which compares the two, leaves range out for it as well.
    "supported_history_operations": ("tail", "search"),
    "code_inspect_sample": "zip",
    "code_clear_output": "from IPython.display import clear_output; clear_output()",
}

DISPLAY = "from IPython.display import display, HTML, Image, update_display\n"

SNIPPETS = {
    "sum": "123 + 456",
    "comment": "# nothing",
    "define": "<<name>> = <<value>>",
    "assign": "<<name>> = <<value>>",
    "increment": "<<name>> = <<name>> + 1",
    "sleep": "import asyncio; await asyncio.sleep(<<seconds>>)",
    "list": "values = []",
    "list_add": "values.append(<<value>>)",
    "list_show": "print(','.join(map(str, values)))",
    "pid": "import os; print(os.getpid())",
    # errors
    "error": "raise ValueError('boom')",
    "error_name": "ValueError",
    "error_on_line_4": "a = 1\n\nif a:\n    raise ValueError('boom')",
    "line_4_pattern": r"line 4|---> 4",
    "syntax_error": "def f(:\n  pass",
    "exit": "import sys; sys.exit(<<code>>)",
    "child_process": "import os; os.system('echo <<text>>')",
    "kill_itself": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    # streams
    "print": "print('<<text>>')",
    "print_both": "import sys; print('to out'); print('to err', file=sys.stderr)",
    "print_alternately": (
        "import sys\nfor i in range(<<count>>):\n"
        "    print(i, file=sys.stderr if i % 2 else sys.stdout)"
    ),
    "write_parts": "import sys\nfor part in ('one ', 'two ', 'three'):\n    sys.stdout.write(part)\n",
    "print_loop": "for i in range(<<count>>):\n    print(i)",
    "print_then_wait": "import asyncio; print('<<text>>'); await asyncio.sleep(<<seconds>>)",
    "print_then_spin": (
        "import time\nprint('<<text>>')\nend = time.monotonic() + <<seconds>>\n"
        "while time.monotonic() < end:\n    pass"
    ),
    "print_emoji": "print('😀' * <<count>>, end='')",
    "print_later": (
        "import asyncio\nhandle = asyncio.get_event_loop().call_later("
        "<<seconds>>, print, '<<text>>')"
    ),
    # displays
    "display_html": DISPLAY + "display(HTML('<b>bold</b>'))",
    "display_png": DISPLAY + "display(Image(data=bytes([137, 80, 78, 71, 13, 10, 26, 10])))",
    "rich_result": (
        "class Rich:\n    def _repr_html_(self):\n        return '<i>rich</i>'\nRich()"
    ),
    "display_bundle": (
        DISPLAY + "display({'text/html': '<i>rich</i>', 'text/plain': 'plain'}, raw=True)"
    ),
    "display_json": DISPLAY + "display({'application/json': {'a': [1, 2]}}, raw=True)",
    "display_update": (
        DISPLAY + "live = display(HTML('<b>one</b>'), display_id=True)\n"
        "live.update(HTML('<b>two</b>'))"
    ),
    "display_update_later": "live.update(HTML('<b>three</b>'))",
    "display_between_prints": (
        DISPLAY + "print('before')\ndisplay(HTML('<b>between</b>'))\nprint('after')"
    ),
    "display_update_loop": (
        DISPLAY + "many = display(HTML('start'), display_id=True)\n"
        "for i in range(<<count>>):\n    many.update(HTML(f'<b>{i}</b>'))"
    ),
    "clear_output": "from IPython.display import clear_output; clear_output()",
    "clear_output_wait": "from IPython.display import clear_output; clear_output(wait=True)",
    # input
    "prompt": "name = input('name? ')\nprint('hello', name)",
    "prompt_twice": "a = input('a ')\nb = input('b ')\nprint(f'{a}-{b}')",
    # the editor's help
    "define_person": (
        "class Person:\n    pass\nperson = Person()\nperson.height = 180\nperson.hobby = 'chess'"
    ),
    "define_documented": (
        'def doubled(amount: int) -> int:\n    """Twice the number."""\n    return amount * 2'
    ),
    "open_block": "def f():",
    # comms
    "comm_target": (
        "def opened(comm, message):\n"
        "    comm.on_msg(lambda m: comm.send({'echo': m['content']['data']['say']}))\n"
        "    comm.send({'opened': message['content']['data']['start']})\n"
        "get_ipython().kernel.comm_manager.register_target('echo', opened)"
    ),
    "comm_open": (
        "from comm import create_comm\n"
        "comm = create_comm(target_name='front-end', data={'hello': 'there'})\n"
        "comm.send({'n': 1})"
    ),
    # stop
    "loop_forever": "print('started', flush=True)\nticks = 0\nwhile True:\n    ticks += 1",
    "long_await": "import asyncio\nprint('started', flush=True)\nawait asyncio.sleep(600)",
    "loop_after_await": (
        "import asyncio\nawait asyncio.sleep(0.05)\nprint('started', flush=True)\nticks = 0\n"
        "while True:\n    ticks += 1"
    ),
    "loop_of_awaits": (
        "import asyncio\nprint('started', flush=True)\nticks = 0\n"
        "while True:\n    ticks += 1\n    await asyncio.sleep(0.005)"
    ),
    "loop_that_prints": "print('started', flush=True)\nwhile True:\n    print('and on')",
    "loop_that_catches": (
        "print('started', flush=True)\nticks = 0\n"
        "while True:\n    try:\n        ticks += 1\n    except Exception:\n        pass"
    ),
    "ticks": "print(ticks)",
    "spin_for": (
        "import time\nprint('started', flush=True)\nend = time.monotonic() + <<seconds>>\n"
        "while time.monotonic() < end:\n    pass"
    ),
    "timer_forever": (
        "import asyncio\nasync def tick():\n    while True:\n        await asyncio.sleep(0.1)\n"
        "task = asyncio.get_event_loop().create_task(tick())"
    ),
    "debug_function": "def f(a, b):\n    c = a + b\n    return c\n\nf(2, 3)",
    "debug_calls": "def f(a, b):\n    c = a + b\n    return c\n\nfirst = f(2, 3)\nfirst + 1",
    "debug_loop": "total = 0\nfor i in range(5):\n    total += i\ntotal",
    "debug_raise": "def fail():\n    raise ValueError('boom')\n\nfail()",
    "debug_values": "left = 40\nright = 2",
}
