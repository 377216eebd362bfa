"""Adds up JUnit files and closes with one line: `N passed, N failed, N skipped`.

    summary.py RUNNER-FAILED FILE...    exit 1 if any test failed, a file is missing or empty, or RUNNER-FAILED is not 0
"""
import os
import sys
import xml.etree.ElementTree as ElementTree


def count(path):
    passed = failed = skipped = 0
    for case in ElementTree.parse(path).iter("testcase"):
        kinds = {child.tag for child in case}
        if kinds & {"failure", "error"} or case.get("status") == "fail":
            failed += 1
            print(f"failed: {case.get('classname')} {case.get('name')}")
        elif "skipped" in kinds or case.get("status") in ("notrun", "disabled"):
            skipped += 1
        else:
            passed += 1
    return passed, failed, skipped


def main():
    runner_failed = sys.argv[1] != "0"
    total = [0, 0, 0]
    for path in sys.argv[2:]:
        if not os.path.exists(path):
            print(f"failed: {os.path.basename(path)} was not written: the runner died")
            total[1] += 1
            continue
        total = [sum(pair) for pair in zip(total, count(path))]
    if runner_failed and total[1] == 0:
        print("failed: a test runner reported an error of its own")
        total[1] += 1
    print(f"{total[0]} passed, {total[1]} failed, {total[2]} skipped")
    return 1 if total[1] or not total[0] else 0


if __name__ == "__main__":
    sys.exit(main())
