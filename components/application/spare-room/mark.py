"""Says, by a label on its own pod, that the images of its node are pulled: it starts once they are.

The admission of user pods asks for a node with such a pod, so that nobody is put on a node that is still pulling.
Only the standard library. It repeats until it is heard, then sleeps for as long as the pod lives.
"""

import json
import os
import ssl
import sys
import threading
import urllib.request

ACCOUNT = os.environ.get("ACCOUNT_FOLDER", "/var/run/secrets/kubernetes.io/serviceaccount")


def mark(context):
    """One try; an OSError when nobody heard it."""
    with open(os.path.join(ACCOUNT, "token"), encoding="utf-8") as token:
        secret = token.read().strip()
    host = os.environ["KUBERNETES_SERVICE_HOST"]
    server = f"https://{f'[{host}]' if ':' in host else host}:{os.environ['KUBERNETES_SERVICE_PORT']}"
    pod = f"{server}/api/v1/namespaces/{os.environ['POD_NAMESPACE']}/pods/{os.environ['POD_NAME']}"
    body = json.dumps({"metadata": {"labels": {os.environ["LABEL"]: os.environ["VALUE"]}}}).encode()
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/merge-patch+json"}
    request = urllib.request.Request(pod, data=body, headers=headers, method="PATCH")
    with urllib.request.urlopen(request, timeout=10, context=context) as answer:
        answer.read()


def main():
    context = ssl.create_default_context(cafile=os.path.join(ACCOUNT, "ca.crt"))
    ended = threading.Event()
    while True:
        try:
            mark(context)
            print("marked", flush=True)
            break
        except OSError as error:
            print(f"not heard: {error}", file=sys.stderr, flush=True)
            ended.wait(1)
    if "ONCE" not in os.environ:
        ended.wait()


if __name__ == "__main__":
    main()
