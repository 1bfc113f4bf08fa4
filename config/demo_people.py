"""Who lives in the demo: made-up names in real places. Pure data, so that the world's story can be read."""

from dataclasses import dataclass

#: Who can log in: the part of the address before the at sign, given name, family name.
NURSE = ("sygeplejerske", "Mette", "Holm")
ASSISTANT = ("sosu", "Amina", "Hassan")
DOCTOR = ("laege", "Jonas", "Friis")
EDUCATOR = ("underviser", "Sofie", "Dahl")
REVIEWER = ("godkender", "Ida", "Bro")
LEADER = ("leder", "Karen", "Lund")
COORDINATOR = ("region", "Birgitte", "Krogh")
ADMINISTRATOR = ("admin", "Henrik", "Bang")


@dataclass(frozen=True)
class Worker:
    """A colleague: how many days since she began, the share of her modules that she took, when she left."""

    name: str
    profession: str
    days: int = 500
    diligence: float = 0.5
    left: int | None = None

    @property
    def given(self) -> str:
        return self.name.split(" ", 1)[0]

    @property
    def family(self) -> str:
        return self.name.split(" ", 1)[1]


#: Team → its people, in the two municipalities that are told in detail.
HOME_CARE: dict[str, list[Worker]] = {
    "viborg-team-noerresoe": [
        Worker("Tove Kjær", "sosu_assistant", 720, 0.9),
        Worker("Lars Juhl", "sosu_helper", 400, 0.3),
        Worker("Bodil Skov", "sosu_assistant", 690, 0.6),
        Worker("Mia Thomsen", "sosu_helper", 12, 0.0),
        Worker("Poul Vestergaard", "nurse", 730, 0.7, left=60),
    ],
    "viborg-team-asmild": [
        Worker("Ida Bro", "nurse", 650, 0.8),
        Worker("Peter Mose", "physiotherapist", 40, 0.1),
        Worker("Hanne Lykke", "sosu_helper", 540, 0.5),
        Worker("Yusuf Demir", "sosu_assistant", 300, 0.4),
        Worker("Grethe Nøhr", "occupational_therapist", 610, 0.3),
    ],
    "viborg-team-houlkaer": [
        Worker("Susanne Dam", "nurse", 480, 0.5),
        Worker("Ole Brandt", "sosu_assistant", 700, 0.2),
        Worker("Fatima Said", "sosu_helper", 220, 0.6),
        Worker("Kurt Winther", "sosu_helper", 710, 0.0),
        Worker("Signe Toft", "social_worker", 350, 0.3),
    ],
    "silkeborg-team-soeerne": [
        Worker("Lone Bjerre", "nurse", 730, 0.9),
        Worker("Torben Rask", "nurse", 420, 0.6),
        Worker("Anita Kruse", "sosu_assistant", 640, 0.7),
        Worker("Emil Hald", "sosu_helper", 90, 0.2),
        Worker("Vibeke Storm", "sosu_assistant", 500, 0.5),
        Worker("Nadia Haddad", "physiotherapist", 380, 0.4),
    ],
    "silkeborg-team-gjern": [
        Worker("Dorte Nygaard", "nurse", 560, 0.7),
        Worker("Henning Buhl", "sosu_assistant", 720, 0.3),
        Worker("Karin Falk", "sosu_helper", 610, 0.5),
        Worker("Rasmus Lind", "sosu_helper", 25, 0.0),
        Worker("Elin Balle", "occupational_therapist", 450, 0.2),
    ],
}

#: Ward or department of the hospital → its people.
HOSPITAL: dict[str, list[Worker]] = {
    "hem-nyre-sengeafsnit": [
        Worker("Jens Toft", "nurse", 700, 0.8),
        Worker("Camilla Ager", "nurse", 510, 0.6),
        Worker("Trine Bang", "nurse", 330, 0.4),
        Worker("Simon Kold", "nurse", 15, 0.0),
        Worker("Inger Munk", "sosu_assistant", 640, 0.5),
        Worker("Malthe Krag", "doctor", 200, 0.2),
    ],
    "hem-nyre-ambulatorium": [
        Worker("Ellen Voss", "nurse", 720, 0.7),
        Worker("Astrid Lange", "doctor", 600, 0.5),
        Worker("Bente Hoff", "physiotherapist", 480, 0.3),
        Worker("Johan Gram", "psychologist", 260, 0.4),
    ],
    "hem-medicin-sengeafsnit": [
        Worker("Kirstine Ravn", "nurse", 690, 0.6),
        Worker("Louise Hvid", "nurse", 410, 0.5),
        Worker("Palle Norup", "nurse", 730, 0.3),
        Worker("Zahra Amini", "sosu_assistant", 270, 0.6),
        Worker("Frederik Stage", "doctor", 520, 0.4),
        Worker("Maren Bisgaard", "clergy", 610, 0.5),
        Worker("Nina Aagaard", "nurse", 680, 0.9, left=20),
    ],
}

PRACTICE: list[Worker] = [
    Worker("Hans Ebbesen", "doctor", 700, 0.4),
    Worker("Marie Elkjær", "doctor", 390, 0.2),
    Worker("Lis Kehlet", "gp_staff", 620, 0.5),
]

#: Municipality → who covers it, and whether she is educated; who leaves in so many days; why there is nobody.
#: Of the others nobody has reported: they are unknown.
COVERED = {
    "751": ("Kirsten Bak", True),
    "740": None,  # Silkeborg: from the people above
    "746": ("Ulla Frost", True),
    "710": ("Jette Krogsgaard", False),
    "657": ("Berit Nissen", True),
    "661": ("Anne Mette Vig", False),
    "766": ("Mogens Tang", True),
}
LEAVING = {"615": ("Ole Riis", 45), "760": ("Gitte Bork", 75)}
NONE_REPORTED = {
    "730": "Den tidligere nøgleperson er fratrådt.",
    "791": "Ingen nøgleperson er udpeget endnu.",
    "779": "Stillingen er slået op.",
}

#: What people write at the practice task of each module, without anybody in it; and how they go on.
TASK_DONE = {
    "M01": "Jeg spurgte, hvad der er vigtigt lige nu, og gik de fire slags behov igennem, før jeg skrev.",
    "M02": "Jeg skrev ned i en uge, hvad jeg lagde mærke til, og vi aftalte, hvem jeg siger det til.",
    "M03": "Vi gik svarene i skemaet igennem og delte dem med resten af teamet.",
    "M04": "Jeg fulgte ét symptom i fire dage og skrev, om det, vi gjorde, hjalp.",
    "M05": "Jeg øvede åbningen med en kollega og tog bagefter selv initiativ til samtalen.",
    "M06": "Jeg spurgte en pårørende, hvordan hun selv havde det, og vi aftalte, hvem der gør hvad.",
    "M07": "Jeg fandt ud af, hvem der er tovholder, og sørgede for, at beskeden nåede frem før skiftet.",
    "M08": "Jeg drøftede et forløb, jeg var i tvivl om, med en kollega. Vi slog reglerne for henvisning op.",
    "M09": "Vi talte om uro og håb. Jeg skaffede den hjælp, der blev sagt ja til, og hørte, om den kom.",
    "M10": "Vi tog et dilemma op på mødet og spurgte: hvad, hvem og hvilke værdier?",
    "M11": "Jeg tog imod en ny kollega og vejledte i én opgave fra begyndelse til slut.",
    "M12": "Jeg tog et tal og en fortælling med til mødet og foreslog én ting, vi kan gøre bedre.",
    "M13": "Jeg øvede mig med en kollega og talte så med en forælder om, hvordan barnet har det.",
    "M14": "Vi fandt ud af, hvad der stod i vejen, og lavede om på tid og sted for besøget.",
    "M15": "Jeg lagde en plan for udstyr og hjælpemidler og tog en terapeut med på råd.",
}
GOING_ON = [
    "Vi gør det fast fremover.",
    "Vi taler om det igen på næste teammøde.",
    "Det tog mindre tid, end jeg havde troet.",
    "Næste gang begynder jeg tidligere.",
    "Næste gang siger jeg det højt til hele teamet.",
]
#: The line that goes with an assigned module.
ASSIGNED_WITH = "Vi taler om det på teammødet. Skriv til mig, hvis du mangler tid til det."
REFLECTIONS = [
    "Det gjorde en forskel, at nogen satte sig ned.",
    "Jeg havde travlt og hørte det først anden gang.",
    "Jeg vil spørge mere åbent næste gang.",
]

#: Whom to call: the numbers are made up, and every card says so.
ADVICE_OF_REGION = (
    "Opdigtet til demoen: ring ikke til numrene.\n\n"
    "Palliativt team, hverdage kl. 8-15: 78 44 00 10\n"
    "Aften, nat og weekend: 78 44 00 11"
)
ADVICE_OF_SILKEBORG = (
    "Opdigtet til demoen: ring ikke til numrene.\n\n"
    "Nøglepersonen, hverdage kl. 8-15: 89 70 00 10\n"
    "Akutsygeplejersken, hele døgnet: 89 70 00 11"
)
