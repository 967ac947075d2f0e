"""Computes the hashes of chain.json from what chain.go says, without our code: python3 chain.py < in > out."""
import hashlib, json, sys, uuid

def p(x): return len(x).to_bytes(8, "big") + x
def n(x): return p(x.to_bytes(8, "big"))

example = json.load(sys.stdin)
h = hashlib.sha256(p(b"casestream log") + p(uuid.UUID(example["log"]).bytes)).digest()
example["start"] = h.hex()
for e in example["events"]:
    row = n(e["position"]) + p(e["stream"].encode()) + n(e["version"]) + b"".join(p(e[k].encode()) for k in ("type", "meta", "data"))
    h = hashlib.sha256(h + row).digest()
    e["hash"] = h.hex()
json.dump(example, sys.stdout, ensure_ascii=False, indent=2)
print()
