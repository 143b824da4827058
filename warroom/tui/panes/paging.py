"""Who is paged for the selected incident, over which channel, what came of it, and when the next stage begins."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from warroom.model.contacts import Engagement, Page, PlanProgress, Receipt
from warroom.model.narrative import one_line
from warroom.tui.canvas import Row
from warroom.tui.clock import countdown
from warroom.tui.ink import Ink, Line, Span, clip, fit, measure
from warroom.tui.pane import Pane
from warroom.tui.records import Touched

__all__ = ["PagingPane"]

ROOMY = 44
"""From so many cells on, a stage is told in words."""

LONGEST_LABEL = 14
"""Cells for the name of a channel."""

RECEIPT_INKS: dict[str, Ink] = {
    "SENT": "accent",
    "DELIVERED": "low",
    "READ": "good",
    "ERROR": "bad",
    "STOP": "dim",
}


class PagingPane(Pane):
    """Engagements, oldest first; under each its pages, and under each page its channels with their receipts."""

    number = 4

    def title(self) -> Line:
        incident = self.room.selected
        paging = self.room.world.records.paging
        pages = paging.pages_of(incident) if incident else []
        if not pages:
            return [("Pages", "title")]
        read = sum(page.read_time is not None for page in pages)
        return [("Pages ", "title"), (f"{read} of {len(pages)} read", "accent")]

    def concerns(self, touched: Touched) -> bool:
        return touched.whole or touched.names or self.room.selected in touched.paging

    def lines(self, width: int) -> list[Row]:
        incident = self.room.selected
        if incident is None:
            return []
        paging = self.room.world.records.paging
        rows: list[Row] = []
        shown: set[str] = set()
        for engagement in paging.engagements_of(incident):
            pages = paging.pages_of_engagement(engagement.engagement_arn)
            shown |= {page.page_arn for page in pages}
            rows += self._engagement(engagement, pages, width)
        for page in paging.pages_of(incident):
            if page.page_arn not in shown:
                rows += self._page(page, "", width)
        return rows or [Row([("Nobody is paged: ", "dim"), ("e", "key"), (" escalates.", "dim")])]

    def _engagement(self, engagement: Engagement, pages: list[Page], width: int) -> list[Row]:
        contact = self.room.world.records.contacts.get(engagement.contact_arn)
        person = contact is None or contact.type == "PERSONAL"
        if person and len(pages) == 1 and pages[0].contact_arn == engagement.contact_arn:
            return self._page(pages[0], "", width, engagement)
        name = self.room.world.contact_name(engagement.contact_arn)
        word = "" if person else " escalation plan" if contact.type == "ESCALATION" else " on-call schedule"  # type: ignore[union-attr]
        state: Line = [("stopped", "dim")] if engagement.stop_time else self._progress(engagement.progress, width)
        rows = [Row(_spread([(name, "strong"), (word, "dim")], state, width))]
        for page in pages:
            rows += self._page(page, "  ", width)
        if not pages:
            rows.append(Row([("  nobody paged yet", "dim")]))
        return rows

    def _page(self, page: Page, indent: str, width: int, engagement: Engagement | None = None) -> list[Row]:
        stopped = engagement is not None and engagement.stop_time is not None
        name = self.room.world.contact_name(page.contact_arn)
        me = " (you)" if page.contact_arn == self.room.world.me else ""
        rows = [Row(_spread([(indent + name, "strong"), (me, "accent")], self._state(page, stopped, width), width))]
        channels = _by_channel(page.receipts)
        names = {channel: self._channel_name(channel) for channel, _ in channels}
        widest = max(map(measure, names.values()), default=0)
        for channel, receipts in channels:
            rows += _channel(fit(names[channel], min(widest, LONGEST_LABEL)), receipts, indent + "  ", width)
        return rows

    def _state(self, page: Page, stopped: bool, width: int) -> Line:
        if page.read_time is not None:
            return [("READ ", "good"), (f"{page.read_time:%H:%M:%S}", "dim")]
        if stopped or not self.room.world.records.paging.is_waiting(page):
            return [("stopped", "dim")]
        progress = self._progress(page.progress, width)
        return progress or [("unread", "warn")]

    def _progress(self, progress: PlanProgress | None, width: int) -> Line:
        """`stage 2 of 3, next in 4:12`, counting down; `2/3, next 4:12` where there is little room."""
        if progress is None or not progress.stage_count:
            return []
        if progress.stage_index >= progress.stage_count:
            return [("unread, plan exhausted", "bad")]
        place = (progress.stage_index + 1, progress.stage_count)
        stage, into = ("stage {} of {}", "in ") if width >= ROOMY else ("{}/{}", "")
        stage = stage.format(*place)
        if progress.next_stage_time is None:
            return [(stage, "dim")]
        left = countdown((progress.next_stage_time - self.room.clock.now()).total_seconds())
        word = "ends" if progress.stage_index + 1 == progress.stage_count else "next"
        return [(f"{stage}, {word} {into}", "dim"), (left, "warn")]

    def _channel_name(self, arn: str) -> str:
        if not arn:
            return ""
        channel = self.room.world.records.channels.get(arn)
        return f"{channel.type.lower()} {one_line(channel.name)}" if channel else "channel"


def _channel(label: str, receipts: list[_Told], indent: str, width: int) -> list[Row]:
    """`sms phone  SENT 03:12:44 ×3  DELIVERED 03:12:46`, in as many lines as it takes."""
    start = f"{indent}{label}  " if label.strip() else indent
    rows: list[Row] = []
    line: Line = [(start, "dim")]
    used = measure(start)
    for told in receipts:
        chip = told.line()
        cells = sum(measure(text) for text, _ in chip)
        gap = "  " if len(line) > 1 else ""
        if gap and used + len(gap) + cells > width:
            rows.append(Row(line))
            line, used, gap = [(" " * measure(start), "dim")], measure(start), ""
        line += [(gap, "text"), *chip]
        used += len(gap) + cells
    return [*rows, Row(line)]


class _Told(NamedTuple):
    """Receipts of one type over one channel: the last of them, and how many there were."""

    receipt: Receipt
    times: int

    def line(self) -> Line:
        receipt = self.receipt
        line: Line = [(receipt.receipt_type, RECEIPT_INKS[receipt.receipt_type])]
        line.append((f" {receipt.receipt_time:%H:%M:%S}", "dim"))
        if self.times > 1:
            line.append((f" ×{self.times}", "dim"))
        if receipt.receipt_info and receipt.receipt_type in ("ERROR", "READ"):
            line.append((f" {one_line(receipt.receipt_info)}", "text"))
        return line


def _by_channel(receipts: Iterable[Receipt]) -> list[tuple[str, list[_Told]]]:
    """By channel in the order of its first receipt; what names no channel comes last."""
    channels: dict[str, dict[str, _Told]] = {}
    for receipt in receipts:
        told = channels.setdefault(receipt.contact_channel_arn or "", {})
        before = told.pop(receipt.receipt_type, None)
        told[receipt.receipt_type] = _Told(receipt, before.times + 1 if before else 1)
    ordered = sorted(channels.items(), key=lambda item: not item[0])
    return [(channel, list(told.values())) for channel, told in ordered]


def _spread(left: Line, right: Line, width: int) -> Line:
    """Two parts at the two ends of a line; where there is no room, only the first word of the left one is kept."""
    used = sum(measure(text) for text, _ in right)
    room = width - used - 1
    fitted: Line = []
    for text, ink in left:
        if fitted and measure(text) > room:
            break
        shown = clip(text, max(0, room))
        fitted.append((shown, ink))
        room -= measure(shown)
    gap: Span = (" " * max(1, room + 1), "text")
    return [*fitted, gap, *right] if right else fitted
