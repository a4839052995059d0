"""Takes out of a TensorFlow wheel what tfjs-node's add-on needs: python unpack_wheel.py WHEEL FOLDER HEADER...

The libraries go to FOLDER/lib; the named headers, and all that they include in turn, to FOLDER/include.
"""

import os
import re
import shutil
import sys
import zipfile

INCLUDE = "tensorflow/include/"


def main(wheel, folder, headers):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())

        def take(name, target):
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with archive.open(name) as source, open(target, "wb") as sink:
                shutil.copyfileobj(source, sink, 1 << 20)

        for name in names:
            if re.fullmatch(r"tensorflow/libtensorflow_(cc|framework)\.so\.\d+", name):
                take(name, os.path.join(folder, "lib", os.path.basename(name)))

        todo, seen = list(headers), set()
        while todo:
            header = todo.pop()
            if header in seen or INCLUDE + header not in names:
                continue
            seen.add(header)
            text = archive.read(INCLUDE + header).decode("utf-8", "replace")
            todo += re.findall(r'^\s*#\s*include\s+"([^"]+)"', text, re.MULTILINE)
            take(INCLUDE + header, os.path.join(folder, "include", *header.split("/")))


main(sys.argv[1], sys.argv[2], sys.argv[3:])
