"""The Incident Manager wire protocol, served: ssm-incidents (rest-json) and ssm-contacts (json 1.1) on one port.

Everything here is driven by the service models that botocore ships. No operation is named in this package,
except in `permissions.py` and in the exceptions of `leniency.py`.
"""
