"""Python's hl7 sends messages by its MLLP client and reads what they are answered, in UTF-8 and in GB 18030."""

import json
import sys

import hl7
from hl7.client import MLLPClient

with open(sys.argv[1], encoding="utf-8") as file:
    task = json.load(file)

CHARSETS = {"utf-8": "UNICODE UTF-8", "gb18030": "GB 18030-2000"}
sent = 0


def message(kind, charset, number, *segments):
    global sent
    sent += 1
    head = f"MSH|^~\\&|HIS|第一人民医院|LIANYI|HOSP|20261130090000+0800||{kind}|py-{charset}-{sent}|P|2.5|||||CHN|{CHARSETS[charset]}"
    person = f"PID|1||{number}^^^HOSP^MR||欧阳^䶮||19700101|F"
    return "\r".join([head, person, *segments]) + "\r"


def exchange(name, charset, code, text):
    try:
        with MLLPClient("127.0.0.1", task["hl7Port"], encoding=charset) as client:
            client.socket.settimeout(60)
            answer = hl7.parse(client.send_message(text), encoding=charset)
        told = {"isAsExpected": str(answer["MSA"][0][1]) == code, "detail": f"{answer['MSA'][0][1]} {answer['MSA'][0][2]}"}
    except Exception as failure:
        told = {"isAsExpected": False, "detail": f"{type(failure).__name__}: {failure}"}
    print(json.dumps({"step": f"{name} in {charset}", **told}), flush=True)


for charset in CHARSETS:
    number = task["number"]
    result = ("OBR|1||L-1|58410-2^血常规^LN", "OBX|1|NM|718-7^血红蛋白^LN||142|g/L|||||F")
    exchange("ADT^A01", charset, "AA", message("ADT^A01^ADT_A01", charset, number, "EVN|A01|20261130", "PV1|1|I|内科^301^1"))
    exchange("ADT^A08", charset, "AA", message("ADT^A08^ADT_A01", charset, number, "EVN|A08|20261130", "PV1|1|I|内科^301^1"))
    exchange("ORU^R01", charset, "AA", message("ORU^R01^ORU_R01", charset, number, *result))
    exchange("ORU^R01 of a number that nobody has linked", charset, "AE", message("ORU^R01^ORU_R01", charset, "nobody-py", *result))
    exchange("a kind of message that is not taken", charset, "AR", message("ORM^O01^ORM_O01", charset, number))
