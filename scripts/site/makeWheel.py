"""Packs a folder's files as a Python wheel: python makeWheel.py FOLDER WHEEL METADATA

FOLDER holds what is installed below the environment's own folder (share/jupyter/...). The format:
https://packaging.python.org/specifications/binary-distribution-format/
"""

import base64
import hashlib
import os
import sys
import zipfile

folder, wheel, metadata = sys.argv[1:]
name, version = os.path.basename(wheel).split("-")[:2]
info = f"{name}-{version}.dist-info"
files = {
    f"{info}/METADATA": open(metadata, "rb").read(),
    f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: karenina\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
}
for above, folders, names in os.walk(folder):
    folders.sort()
    for each in sorted(names):
        path = os.path.join(above, each)
        inside = os.path.relpath(path, folder).replace(os.sep, "/")
        files[f"{name}-{version}.data/data/{inside}"] = open(path, "rb").read()
record = "".join(
    "{},sha256={},{}\n".format(
        path,
        base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode(),
        len(content),
    )
    for path, content in files.items()
)
files[f"{info}/RECORD"] = (record + f"{info}/RECORD,,\n").encode()
with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as packed:
    for path, content in files.items():
        # One time for all: the same files make the same wheel.
        packed.writestr(zipfile.ZipInfo(path, (2020, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
