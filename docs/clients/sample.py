"""The Python sample of Pixian's documentation, with its address, credentials and files taken from the environment."""

import json
import os

import requests

response = requests.post(
    os.environ["MATTEPROOF_BASE_URL"] + "/api/v2/remove-background",
    files={"image": open(os.environ["MATTEPROOF_INPUT"], "rb")},
    data=json.loads(os.environ["MATTEPROOF_PARAMETERS"]),
    auth=(os.environ["MATTEPROOF_API_ID"], os.environ["MATTEPROOF_API_SECRET"]),
)
if response.status_code == requests.codes.ok:
    with open(os.environ["MATTEPROOF_OUTPUT"], "wb") as out:
        out.write(response.content)
else:
    print("Error:", response.status_code, response.text)
