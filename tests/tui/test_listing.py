"""The list of incidents: the filter, and a selection that is an ARN."""

from __future__ import annotations

from datetime import timedelta

from tui.script import BANNER, CHECKOUT, NOW, ORDERS, SEARCH, STOCK, arrived, changed, gone, incident, outage, states
from warroom.model.incidents import IncidentRecord
from warroom.stream.news import Arrived
from warroom.tui.clock import BackendClock
from warroom.tui.room import Room


def room(*records: IncidentRecord) -> Room:
    one = Room("local", BackendClock())
    one.take(arrived(*(records or outage())))
    return one


def shown(one: Room) -> list[int]:
    listing = one.listing
    return [one.world.records.incidents[listing[position]].number for position in range(len(listing))]


def selected(one: Room) -> int | None:
    incident = one.world.incident(one.selected)
    return incident.number if incident else None


def removed(of: IncidentRecord) -> Arrived:
    change = gone(of)
    return Arrived(change.seq, [change], False, False, True)


def test_the_worst_incident_is_selected_when_the_world_is_there() -> None:
    assert selected(room()) == CHECKOUT.number


def test_the_selection_stays_on_its_incident_when_rows_come_above_it() -> None:
    one = room()
    one.listing.move(1)
    assert selected(one) == STOCK.number
    one.take(changed(incident(2000, impact=1, opened=NOW), incident(2001, impact=1, opened=NOW)))
    assert selected(one) == STOCK.number
    assert one.listing.index(STOCK.arn) == 3


def test_the_selection_follows_its_incident_when_that_moves() -> None:
    one = room()
    one.listing.select_incident(ORDERS.arn)
    one.take(changed(ORDERS.model_copy(update={"impact": 5})))
    assert selected(one) == ORDERS.number


def test_when_the_selected_incident_vanishes_nothing_is_selected_until_a_key_says_so() -> None:
    one = room()
    one.listing.select_incident(STOCK.arn)
    one.take(removed(STOCK))
    assert one.selected is None
    one.listing.move(1)
    assert selected(one) == ORDERS.number


def test_a_resolved_incident_stays_selected_and_goes_below_the_open_ones() -> None:
    one = room()
    one.take(changed(CHECKOUT.model_copy(update={"status": "RESOLVED", "resolved_time": NOW})))
    assert selected(one) == CHECKOUT.number
    assert shown(one)[-1] == CHECKOUT.number
    assert one.listing.open_count == 4


def test_only_the_last_resolved_are_listed_but_always_the_selected_one() -> None:
    one = room(*(incident(number) for number in range(30)))
    first = incident(0)
    one.listing.select_incident(first.arn)
    for number in range(30):
        end = NOW + timedelta(minutes=number)
        one.take(changed(incident(number).model_copy(update={"status": "RESOLVED", "resolved_time": end})))
    assert len(one.listing) == 21
    assert selected(one) == 0


def test_the_filter_wants_every_word_in_any_column() -> None:
    one = room()
    for text, numbers in {
        "order": [ORDERS.number],
        "INC-1040": [STOCK.number],
        "critical": [CHECKOUT.number],
        "bob": [CHECKOUT.number],
        "warehouse high": [STOCK.number],
        "high checkout": [],
        "!bob !medium !low": [STOCK.number, BANNER.number],
        "!": [CHECKOUT.number, STOCK.number, ORDERS.number, SEARCH.number, BANNER.number],
    }.items():
        one.listing.set_filter(text)
        assert shown(one) == numbers, text


def test_the_filter_follows_the_world() -> None:
    one = room()
    one.listing.set_filter("late")
    assert shown(one) == [ORDERS.number]
    one.take(changed(STOCK.model_copy(update={"title": "Stock is late"})))
    assert shown(one) == [STOCK.number, ORDERS.number]
    one.take(changed(STOCK))
    assert shown(one) == [ORDERS.number]


def test_the_selected_incident_stays_in_a_filtered_list_until_another_is_selected() -> None:
    one = room()
    one.listing.set_filter("late")
    one.take(changed(incident(3000, "also late", 5), ORDERS.model_copy(update={"title": "in time"})))
    assert selected(one) == ORDERS.number
    assert shown(one) == [ORDERS.number, 3000]
    one.listing.move(1)
    assert selected(one) == 3000
    assert shown(one) == [3000]


def test_a_filter_that_hides_the_selected_incident_selects_the_first_that_is_left() -> None:
    one = room()
    one.listing.set_filter("order")
    assert selected(one) == ORDERS.number
    one.listing.set_filter("")
    assert selected(one) == ORDERS.number


def test_going_to_a_hidden_incident_takes_the_filter_off() -> None:
    one = room()
    one.listing.set_filter("order")
    assert one.listing.select_incident(BANNER.arn)
    assert one.listing.filter == ""
    assert selected(one) == BANNER.number


def test_a_new_world_without_the_selected_incident_selects_nothing_else() -> None:
    one = room()
    one.take(arrived(*(record for record in outage() if record is not CHECKOUT)))
    assert one.selected is None


def test_an_empty_list_selects_the_first_incident_that_comes() -> None:
    one = Room("local", BackendClock())
    one.take(Arrived(0, [], True, True, True))
    assert one.selected is None
    one.take(Arrived(1, states(STOCK), False, False, True))
    assert selected(one) == STOCK.number
