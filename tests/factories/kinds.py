"""A module that has every kind of activity, written as the data files are. Made up; not in the product."""
# ruff: noqa: E501  (a table of texts, a row a line)

from typing import Any

Data = dict[str, Any]


def both(danish: str, english: str) -> Data:
    return {"da": danish, "en": english}


SOURCE: Data = {"source": both("En kilde", "A source"), "quote": "ordret", "year": "2026"}

MANY: Data = {
    "type": "multiple_choice",
    "question": both("Hr. Holm har spist mindre i en uge. Hvad gør du i dag?", "Mr Holm has eaten less. What now?"),
    "options": [
        {**both("Skriver det i journalen", "Write it down"), "correct": True, "feedback": both("Ja, så kan andre se det.", "Yes.")},
        {**both("Venter og ser", "Wait"), "feedback": both("Det skal videre nu.", "It must go on now.")},
        {**both("Spørger, hvad der fylder", "Ask"), "correct": True, "feedback": both("Ja, han ved det selv.", "Yes, he knows.")},
    ],
    "explanation": both("Du både spørger og skriver.", "You both ask and write."),
    **SOURCE,
}  # fmt: skip
TRUE_FALSE: Data = {
    "type": "true_false",
    "statement": both("Der skal en erklæring til, før I må lindre.", "A declaration is needed before you relieve."),
    "correct": False,
    "feedback": {"true": both("Mange tror det.", "Many think so."), "false": both("Ja, behovet er nok.", "Yes, the need is enough.")},
    "explanation": both("Lindring kræver ingen erklæring.", "Relief takes no declaration."),
    **SOURCE,
}  # fmt: skip
ORDERING: Data = {
    "type": "ordering",
    "prompt": both("I hvilken rækkefølge går du frem?", "In which order?"),
    "entries": [both("Spørge ham", "Ask him"), both("Skrive det ned", "Write it"), both("Give det videre", "Pass it on")],
    "feedback": both("Hvad skal du vide først?", "What must you know first?"),
    "explanation": both("Først hans egne ord.", "First his own words."),
    **SOURCE,
}  # fmt: skip
MATCHING: Data = {
    "type": "matching",
    "prompt": both("Hvilken slags behov er det?", "What kind of need?"),
    "pairs": [
        {"left": both("Smerter om natten", "Pain at night"), "right": both("Fysisk", "Physical"), "feedback": both("Kroppen holder ham vågen.", "The body.")},
        {"left": both("Hvem passer min kone?", "Who looks after my wife?"), "right": both("Socialt", "Social")},
        {"left": both("Kvalme", "Nausea"), "right": both("Fysisk", "Physical")},
    ],
    "distractors": [both("Eksistentielt", "Existential")],
    "feedback": both("Læs igen, hvad han er bange for.", "Read again."),
    "explanation": both("Et behov kan være af fire slags.", "A need can be of four kinds."),
    **SOURCE,
}  # fmt: skip
SHORT: Data = {
    "type": "short_answer",
    "question": both("Hvad siger du som det første?", "What do you say first?"),
    "model_answer": both("Hvad har fået dig til at tænke på det?", "What made you think of it?"),
    "points": [both("Spørger, før der svares", "Asks before answering")],
}
LIKERT: Data = {
    "type": "likert",
    "prompt": both("Jeg ved, hvad jeg siger.", "I know what to say."),
    "scale": "confidence",
}
CASE: Data = {
    "type": "branching_case",
    "title": both("En urolig aften", "A restless evening"),
    "nodes": [
        {
            "key": "start",
            "situation": both("<p>Kl. 20. Hr. Holm har ondt.</p>", "<p>8 pm. Mr Holm is in pain.</p>"),
            "choices": [
                {"text": both("Jeg siger, at det kan vente.", "It can wait."), "consequence": both("Datteren ringer 112.", "The daughter calls 112."), "end": "other", "reason": both("Ingen spurgte ham.", "Nobody asked him.")},
                {"text": both("Jeg spørger begge.", "I ask both."), "consequence": both("Han vil blive hjemme.", "He wants to stay."), "next": "plan"},
            ],
        },
        {
            "key": "plan",
            "situation": both("<p>I journalen ligger en plan.</p>", "<p>The record holds a plan.</p>"),
            "choices": [
                {"text": both("Jeg ringer til sygeplejersken.", "I call the nurse."), "consequence": both("Hun kommer.", "She comes."), "end": "good", "reason": both("Planen blev brugt.", "The plan was used.")},
                {"text": both("Datteren finder nummeret.", "The daughter finds the number."), "consequence": both("Det gør hun ikke.", "She doesn't."), "end": "other", "reason": both("Hun stod alene.", "She was alone.")},
            ],
        },
    ],
    "explanation": both("Spørg, og brug planen.", "Ask, and use the plan."),
}  # fmt: skip
TALK: Data = {
    "type": "conversation",
    "title": both("Skal jeg dø nu?", "Am I dying?"),
    "with": both("Karen", "Karen"),
    "scene": both("Du hjælper Karen i seng.", "You help Karen to bed."),
    "turns": [
        {
            "says": both("De nævnte palliation. Skal jeg dø nu?", "They said palliation. Am I dying?"),
            "replies": [
                {"text": both("Sådan må du ikke tænke.", "Don't think like that."), "effect": "closes", "reaction": both("Karen vender sig om.", "Karen turns away."), "reason": both("Trøsten kom for tidligt.", "Too early."), "end": "other"},
                {"text": both("Hvad tænkte du?", "What did you think?"), "effect": "opens", "reaction": both("At de havde givet op.", "That they had given up."), "reason": both("Et åbent spørgsmål.", "An open question.")},
            ],
        },
        {
            "says": both("Er det ikke det, det betyder?", "Isn't that what it means?"),
            "replies": [
                {"text": both("Det betyder lindring.", "It means relief."), "effect": "opens", "reaction": both("Hun ånder ud.", "She breathes out."), "reason": both("Kort og sandt.", "Short and true."), "end": "good"},
                {"text": both("Spørg lægen.", "Ask the doctor."), "effect": "holds", "reaction": both("Det må jeg vel.", "I suppose."), "reason": both("Det kan du selv.", "You can."), "end": "other"},
            ],
        },
    ],
    "explanation": both("Spørg først.", "Ask first."),
}  # fmt: skip
QUESTION: Data = {
    "type": "question",
    "question": both("Hvad giver du videre?", "What do you pass on?"),
    "options": [
        {**both("Ingenting", "Nothing"), "feedback": both("Så ved ingen det.", "Then nobody knows.")},
        {**both("Det hele", "All of it"), "correct": True, "feedback": both("Ja.", "Yes.")},
    ],
    "explanation": both("Det hele tæller.", "All of it counts."),
    **SOURCE,
}
READ: list[Data] = [
    {"type": "text", "body": both("<p>Læs dette.</p>", "<p>Read this.</p>")},
    {"type": "key_message", "text": both("Husk dette.", "Remember this.")},
    {"type": "accordion", "sections": [{"heading": both("Hvem kan jeg spørge?", "Whom can I ask?"), "body": both("<p>Din nøgleperson.</p>", "<p>Your key person.</p>")}]},
    {"type": "local_guide", "topic": "medicine", "intro": both("Sådan gør I om natten.", "How you do it at night.")},
]  # fmt: skip
SOURCES = {"type": "sources", "sources": [{"title": "En kilde", "publisher": "Nogen", "year": "2026"}]}
LAST: list[Data] = [
    {"type": "practice_task", "task": both("Spørg en borger i dag.", "Ask a citizen today.")},
    {"type": "reflection", "prompt": both("Hvad hjalp?", "What helped?"), "dimension": "practice"},
    SOURCES,
]
#: The step where each kind stands, from 1.
STEPS = [
    ("Spørgsmål", [QUESTION, MANY, TRUE_FALSE]),
    ("Ordne", [ORDERING, MATCHING]),
    ("Skrive", [SHORT, LIKERT]),
    ("En aften", [CASE]),
    ("En samtale", [TALK]),
    ("Læse", READ),
    ("Gøre", LAST),
]


def every_kind(*, opening: int = 0, **changes: Any) -> Data:
    """The module's data, with its first `opening` steps marked as opening cases."""
    return {
        "code": "M90",
        "slug": "alle-slags",
        "title": both("Alle slags", "Every kind"),
        "summary": both("Et modul til at prøve med.", "A module to try things with."),
        "minutes": 3 * len(STEPS),
        "professions": ["nurse"],
        "outcomes": [{"competency": "IDE-1", "level": 1, "earned_by": "answers"}],
        "steps": [
            {
                "title": both(title, f"{title} (en)"),
                "minutes": 3,
                "blocks": blocks,
                **({"opening": True} if number < opening else {}),
            }
            for number, (title, blocks) in enumerate(STEPS)
        ],
        **changes,
    }
