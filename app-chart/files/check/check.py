"""Asks the cluster, from inside it, for everything the application needs, and the application whether it answers.

Only the standard library: it runs in the backend's image under an account that may get exactly these objects.
Prints a line a check; ends with 1 when one failed.
"""

import json
import os
import ssl
import sys
import urllib.error
import urllib.request

# Where Kubernetes puts the account's token and the authority of the API server.
ACCOUNT = os.environ.get("ACCOUNT_FOLDER", "/var/run/secrets/kubernetes.io/serviceaccount")
SECONDS = 10


def api_path(need):
    """Path of an object that lies in no namespace; the core group has a root of its own."""
    root = "apis" if "/" in need["apiVersion"] else "api"
    return f"/{root}/{need['apiVersion']}/{need['resource']}/{need['name']}"


def ask(url, headers=None, context=None):
    """None for an answer of success, otherwise why there was none."""
    try:
        request = urllib.request.Request(url, headers=headers or {})
        with urllib.request.urlopen(request, timeout=SECONDS, context=context) as answer:
            answer.read()
        return None
    except urllib.error.HTTPError as error:
        return "not there" if error.code == 404 else f"answered {error.code}"
    except OSError as error:
        return f"no answer: {error}"


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
    print(f"{failed} of {len(checks['needs']) + len(checks['answers'])} checks failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
