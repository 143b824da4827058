"""The backend adapter: any Incident Manager as one ordered stream of changes, and actions back."""
