"""Tickets pass through three steps: each step is a function of a ticket that gives a new one."""
from __future__ import annotations

from dataclasses import dataclass, field, replace

from openai import OpenAI

client = OpenAI()


@dataclass(frozen=True)
class Ticket:
    text: str
    area: str = ""
    urgent: bool = False
    reply: str = ""
    trail: tuple = field(default=())

    @property
    def line(self):
        return f"[{'!' if self.urgent else ' '}] {self.text} -> {self.reply}"


def ask(prompt):
    response = client.chat.completions.create(model="small", messages=[{"role": "user", "content": prompt}])
    return response.choices[0].message.content


def sorted_in(ticket):
    return replace(ticket, area=ask(f"Which department answers: {ticket.text}"), trail=ticket.trail + ("area",))


def weighed(ticket):
    verdict = ask(f"Is this urgent for {ticket.area}, yes or no: {ticket.text}")
    return replace(ticket, urgent=verdict.lower().startswith("yes"), trail=ticket.trail + ("urgency",))


def answered(ticket):
    tone = "at once" if ticket.urgent else "in a calm tone"
    return replace(ticket, reply=ask(f"Answer {tone}, as {ticket.area}: {ticket.text}"), trail=ticket.trail + ("reply",))


done = []
for text in ["The lift is stuck.", "A lamp is broken.", "Where do I park?", "Water drips from the roof.", "The door sticks.", "It is cold."]:
    ticket = answered(weighed(sorted_in(Ticket(text))))
    done.append(ticket)

for ticket in done:
    print(ticket.line)
print(sum(ticket.urgent for ticket in done), "urgent of", len(done))
