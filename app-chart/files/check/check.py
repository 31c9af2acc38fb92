"""Asks the cluster, from inside it, for everything the application needs, the application whether it answers, and the
weekly restore drill what it found.

Only the standard library: it runs in the backend's image under an account that may get exactly these objects.
Prints a line a check; ends with 1 when one failed.
"""

import json
import os
import ssl
import sys
import urllib.error
import urllib.request
from datetime import datetime, timezone

# Where Kubernetes puts the account's token and the authority of the API server.
ACCOUNT = os.environ.get("ACCOUNT_FOLDER", "/var/run/secrets/kubernetes.io/serviceaccount")
SECONDS = 10
# After so many days the weekly drill is overdue, as `npm run restore-drill -- --last` has it.
OVERDUE_DAYS = 8


def api_path(need):
    """Path of an object that lies in no namespace; the core group has a root of its own."""
    root = "apis" if "/" in need["apiVersion"] else "api"
    return f"/{root}/{need['apiVersion']}/{need['resource']}/{need['name']}"


def ask(url, headers=None, context=None):
    """None for an answer of success, otherwise why there was none."""
    return read(url, headers, context)[1]


def read(url, headers=None, context=None):
    """What was answered and None, or nothing and why there was no answer of success."""
    try:
        request = urllib.request.Request(url, headers=headers or {})
        with urllib.request.urlopen(request, timeout=SECONDS, context=context) as answer:
            return answer.read(), None
    except urllib.error.HTTPError as error:
        return b"", "not there" if error.code == 404 else f"answered {error.code}"
    except OSError as error:
        return b"", f"no answer: {error}"


def days_since(time, now):
    """Days since a time as Kubernetes and the drill write it."""
    return (now - datetime.strptime(time, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)).total_seconds() / 86400


def drill(status, now):
    """What the drill's ConfigMap says: whether that is a fault, and the words for it."""
    data = status.get("data") or {}
    if "result" not in data:
        days = days_since(status["metadata"]["creationTimestamp"], now)
        if days <= OVERDUE_DAYS:
            return False, "none yet, the first comes within a week"
        return True, f"none in {int(days)} days, it is due every week. Look: kubectl get jobs,cronjobs"
    days = days_since(data["at"], now)
    ever = f"the last that passed: {data.get('lastPassed', 'none ever')}"
    look = "Look: npm run restore-drill -- <stack> --last"
    if data["result"] != "passed":
        return True, f"{data['result']} at {data['at']}, {ever}. {look}"
    if days > OVERDUE_DAYS:
        return True, f"the last was {int(days)} days ago, it is due every week. {look}"
    return False, f"passed at {data['at']}"


def ask_drill(url, headers, context):
    """The same of the cluster; a status that cannot be read is a fault."""
    answer, fault = read(url, headers, context)
    if fault:
        return True, fault
    try:
        return drill(json.loads(answer), datetime.now(timezone.utc))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return True, f"its report is not as the drill writes it: {error!r}"


def main(file):
    with open(file, encoding="utf-8") as text:
        checks = json.load(text)
    with open(os.path.join(ACCOUNT, "token"), encoding="utf-8") as token:
        headers = {"Authorization": f"Bearer {token.read().strip()}"}
    context = ssl.create_default_context(cafile=os.path.join(ACCOUNT, "ca.crt"))
    # With brackets where the address is of the sixth version.
    host = os.environ["KUBERNETES_SERVICE_HOST"]
    server = f"https://{f'[{host}]' if ':' in host else host}:{os.environ['KUBERNETES_SERVICE_PORT']}"
    failed = 0
    for need in checks["needs"]:
        fault = ask(server + api_path(need), headers, context)
        failed += fault is not None
        print(f"{need['kind']} {need['name']}: {fault or 'there'}" + (f". Remedy: {need['remedy']}." if fault else ""))
    for name, url in checks["answers"].items():
        fault = ask(url)
        failed += fault is not None
        print(f"{name} at {url}: {fault or 'answers'}")
    at_fault, words = ask_drill(server + checks["drill"], headers, context)
    failed += at_fault
    print(f"restore drill: {words}")
    print(f"{failed} of {len(checks['needs']) + len(checks['answers']) + 1} checks failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
