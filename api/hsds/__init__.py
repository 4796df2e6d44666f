"""`/hsds/`: the published offers as an Open Referral HSDS 3.1 API, beside API v1."""
