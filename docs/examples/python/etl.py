"""Orders from a service, page by page, to totals in a file; see ../etl.xir."""

import asyncio
import csv
import json
import os
import sys
import urllib.error
import urllib.request
from collections import defaultdict

SHOP = os.environ["SHOP_URL"]
FIELDS = ["customer", "orders", "cents"]
gate = asyncio.Semaphore(4)


def fetch(url):
    with urllib.request.urlopen(url, timeout=30) as response:
        return json.load(response)


async def page(number):
    async with gate, asyncio.timeout(30):
        for attempt in range(4):
            try:
                return await asyncio.to_thread(fetch, f"{SHOP}/orders?page={number}")
            except OSError as error:
                status = getattr(error, "code", 503)
                if attempt == 3 or status not in (408, 429) and status < 500:
                    raise
            await asyncio.sleep(0.5 * 2**attempt)


async def main(out):
    first = await page(1)
    others = await asyncio.gather(*map(page, range(2, first["pages"] + 1)))
    groups = defaultdict(list)
    for orders in [first, *others]:
        for order in orders["orders"]:
            groups[order["customer"]].append(order["cents"])
    totals = [
        {"customer": customer, "orders": len(cents), "cents": sum(cents)}
        for customer, cents in groups.items()
    ]
    totals.sort(key=lambda total: -total["cents"])
    with open(out, "w", newline="") as file:
        writer = csv.DictWriter(file, FIELDS)
        writer.writeheader()
        writer.writerows(totals)
    return totals


print(json.dumps(asyncio.run(main(**json.load(sys.stdin)))))
