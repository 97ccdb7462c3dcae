"""One call written down as each tool would: what the readers are held against."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Said:
    """Whole seconds, as the coarsest format has them."""

    who: str
    text: str
    start: int
    end: int


Call = Sequence[Said]


def _clock(at: int, mark: str = ".") -> str:
    return f"{at // 3600:02}:{at // 60 % 60:02}:{at % 60:02}{mark}000"


def _short(at: int) -> str:
    return f"{at // 60}:{at % 60:02}" if at < 3600 else f"{at // 3600}:{at // 60 % 60:02}:{at % 60:02}"


def zoom(call: Call) -> str:
    cues = (f"{n}\n{_clock(s.start)} --> {_clock(s.end)}\n{s.who}: {escape(s.text)}\n" for n, s in enumerate(call, 1))
    return "WEBVTT\n\n" + "\n".join(cues)


def teams(call: Call) -> str:
    cues = (
        f"9b2c/{n}-0\n{_clock(s.start)} --> {_clock(s.end)}\n<v {escape(s.who)}>{escape(s.text)}</v>\n"
        for n, s in enumerate(call)
    )
    return "WEBVTT\n\n" + "\n".join(cues)


def teams_metadata(call: Call) -> str:
    cues = (
        f"{_clock(s.start)} --> {_clock(s.end)}\n" + json.dumps({"speakerName": s.who, "spokenText": s.text}) + "\n"
        for s in call
    )
    return "WEBVTT\n\n" + "\n".join(cues)


def srt(call: Call) -> str:
    return "\n".join(
        f"{n}\n{_clock(s.start, ',')} --> {_clock(s.end, ',')}\n{s.who}: {s.text}\n" for n, s in enumerate(call, 1)
    )


def feishu_srt(call: Call) -> str:
    return "\n".join(
        f"{n}\n{_clock(s.start, ',')} --> {_clock(s.end, ',')}\n{s.who}：{s.text}\n" for n, s in enumerate(call, 1)
    )


def sbv(call: Call) -> str:
    return "\n".join(f"{_clock(s.start)[1:]},{_clock(s.end)[1:]}\n>> {s.who.upper()}: {s.text}\n" for s in call)


def meet(call: Call) -> str:
    head = "Weekly call - 2026/06/08 10:00 GMT - Transcript\n\nAttendees\n" + ", ".join({s.who for s in call})
    return head + "\n\nTranscript\n\n00:00:00\n\n" + "".join(f"{s.who}: {s.text}\n" for s in call)


def otter(call: Call) -> str:
    said = "\n".join(f"{s.who}  {_short(s.start)}  \n{s.text}\n" for s in call)
    return said + "\n\nTranscribed by https://otter.ai\n"


def feishu(call: Call) -> str:
    said = "\n".join(f"{s.who} {_short(s.start).zfill(5)}\n{s.text}\n" for s in call)
    return f"2026年6月8日 上午 10:00|2分钟 10秒\n\n关键词:\n报价、试点\n\n文字记录:\n{said}"


def feishu_inline(call: Call) -> str:
    return "文字记录：方案沟通 2026年6月8日\n\n" + "\n".join(f"{s.who} {_clock(s.start)[:8]}{s.text}\n" for s in call)


def tencent(call: Call) -> str:
    return "\n".join(f"{s.who} {_clock(s.start)[:8]}\n{s.text}\n" for s in call)


def stacked(call: Call) -> str:
    return "\n".join(f"{s.who}\n{_short(s.start)}\n{s.text}\n" for s in call)


def zoom_text(call: Call) -> str:
    return "\n".join(f"[{s.who}] {_clock(s.start)[:8]}\n{s.text}\n" for s in call)


def time_first(call: Call) -> str:
    return "".join(f"[{_clock(s.start)[:8]}] {s.who}: {s.text}\n" for s in call)


def time_behind(call: Call) -> str:
    return "".join(f"{s.who} ({_clock(s.start)[:8]}): {s.text}\n" for s in call)


def plain(call: Call) -> str:
    return "".join(f"{s.who}: {s.text}\n" for s in call)


def markdown(call: Call) -> str:
    head = "# Second talk\n**Date:** June 8, 2026\n**Participants:**\n" + "".join(
        f"- {who}\n" for who in {s.who for s in call}
    )
    said = "\n".join(f"**{s.who}:** {s.text}\n" for s in call)
    return f"{head}\n---\n\n{said}\n---\n\n**Call Notes:**\n- Good questions\n"


def fireflies(call: Call) -> str:
    said = [
        {"index": n, "speaker_name": s.who, "speaker_id": 0, "text": s.text, "start_time": s.start, "end_time": s.end}
        for n, s in enumerate(call)
    ]
    about = {"title": "call", "dateString": "2026-06-08T10:00:00.000Z", "sentences": said}
    return json.dumps({"data": {"transcript": about}})


def gong(call: Call) -> str:
    """Transcript and parties in one."""
    numbers = {who: str(1000 + n) for n, who in enumerate(dict.fromkeys(s.who for s in call))}
    said = [
        {
            "speakerId": numbers[s.who],
            "sentences": [{"start": s.start * 1000, "end": s.end * 1000, "text": s.text}],
        }
        for s in call
    ]
    parties = [{"speakerId": number, "name": who, "affiliation": "Internal"} for who, number in numbers.items()]
    calls = [{"metaData": {"id": "7", "started": "2026-06-08T10:00:00Z"}, "parties": parties}]
    return json.dumps({"callTranscripts": [{"callId": "7", "transcript": said}], "calls": calls}, ensure_ascii=False)


def tencent_api(call: Call) -> str:
    said = [
        {
            "start_time": s.start * 1000,
            "end_time": s.end * 1000,
            "speaker_info": {"userid": "u", "username": s.who},
            "sentences": [{"words": [{"text": letter} for letter in s.text]}],
        }
        for s in call
    ]
    return json.dumps({"minutes": {"paragraphs": said}, "more": False}, ensure_ascii=False)


def own(call: Call) -> str:
    """What Paceline exports."""
    turns = [{"i": n, "speaker": s.who, "start": s.start, "text": s.text} for n, s in enumerate(call)]
    return json.dumps({"date": "2026-06-08", "title": "call", "turns": turns}, ensure_ascii=False)


TIMED: dict[str, Callable[[Call], str]] = {
    made.__name__: made
    for made in (zoom, teams, teams_metadata, srt, feishu_srt, sbv, otter, feishu, feishu_inline, tencent, zoom_text)
}
TIMED |= {made.__name__: made for made in (stacked, time_first, time_behind, fireflies, gong, tencent_api, own)}
ALL = TIMED | {made.__name__: made for made in (meet, plain, markdown)}
