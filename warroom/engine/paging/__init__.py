"""Paging: the course of engagement plans and escalation plans, from deadline rows to receipts (`design.md`)."""
