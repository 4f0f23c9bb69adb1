"""Front pages as proceedings, cover sheets of archives and theses have them."""

from tests.unit.ingest.documents.sheets import A4, FILLER, LETTER, Expected, Sheet, front


@front(
    Expected(
        "Regret bounds for bandits with delayed and grouped rewards",
        ("Elena Fischer", "Rohan Gupta", "Wei Zhang"),
        2019,
        venue="Journal of Machine Examples",
    )
)
def jmlr() -> Sheet:
    sheet = Sheet(LETTER)
    sheet.line("Journal of Machine Examples 20 (2019) 1-31", 45, 9, x=90)
    sheet.line("Submitted 5/18; Revised 2/19; Published 7/19", 45, 9, x=360)
    sheet.lines(("Regret bounds for bandits with delayed and grouped", "rewards"), 95, 14, bold=True)
    for place, (name, mail, school) in enumerate(
        (
            ("Elena Fischer", "elena.fischer@uni.example", "Department of Statistics, University of Basel, Basel, Switzerland"),
            ("Rohan Gupta", "rohan@iit.example", "Indian Institute of Technology, Mumbai, India"),
            ("Wei Zhang", "wzhang@lab.example", "Example Research, Seattle, WA 98052, USA"),
        )
    ):
        sheet.line(name, 140 + 32 * place, 11, x=90, bold=True)
        sheet.line(mail, 140 + 32 * place, 9, x=400)
        sheet.line(school, 152 + 32 * place, 9, x=90)
    sheet.line("Editor: Ulrike Beispiel", 250, 10, x=90)
    sheet.line("Abstract", 275, 11, bold=True)
    y = sheet.text(FILLER * 2, 110, 292, 390, 10)
    sheet.line("Keywords: bandits, delay, regret", y + 8, 10, x=110)
    sheet.line("1. Introduction", y + 35, 12, x=90, bold=True)
    sheet.text(FILLER * 3, 90, y + 55, 430, 11)
    sheet.line("©2019 Elena Fischer, Rohan Gupta and Wei Zhang.", 730, 8, x=90)
    return sheet


@front(
    Expected(
        "Planning with partial maps for warehouse robots",
        ("Sara Nilsson", "Ahmed Farouk", "Jin Park"),
        2018,
    )
)
def aaai() -> Sheet:
    sheet = Sheet(LETTER)
    sheet.line("The Thirty-Second AAXX Conference on Example Intelligence (AAXX-18)", 45, 9)
    sheet.line("Planning with partial maps for warehouse robots", 90, 16, bold=True)
    sheet.line("Sara Nilsson,^1^ Ahmed Farouk,^2^ Jin Park^1^", 125, 12, bold=True)
    sheet.lines(
        (
            "^1^KTH Royal Institute of Technology, Stockholm, Sweden",
            "^2^American University in Cairo, Cairo, Egypt",
            "saran@kth.example, farouk@auc.example, jinp@kth.example",
        ),
        143,
        10,
    )
    sheet.line("Abstract", 210, 10, x=155, bold=True)
    sheet.text(FILLER * 2, 70, 225, 215, 9)
    sheet.line("Introduction", 470, 12, x=140, bold=True)
    sheet.text(FILLER * 2, 55, 490, 240, 10)
    sheet.text(FILLER * 6, 318, 210, 240, 10)
    sheet.lines(
        ("Copyright © 2018, Association for the Advancement of Examples", "(www.aaxx.org). All rights reserved."), 720, 8, x=55
    )
    return sheet


@front(
    Expected(
        "Compact indexes for streams of moving points",
        ("Lena Vogel", "Carlos Ruiz", "Mei Lin"),
        2016,
        "10.14778/2999999.2999991",
    )
)
def vldb() -> Sheet:
    sheet = Sheet(LETTER)
    sheet.line("Compact indexes for streams of moving points", 80, 18, bold=True)
    for x, name, school, mail in (
        (140, "Lena Vogel", "TU Dortmund", "lena.vogel@tu.example"),
        (306, "Carlos Ruiz", "University of Chile", "cruiz@uchile.example"),
        (470, "Mei Lin", "Tsinghua University", "lin@thu.example"),
    ):
        for row, (text, size) in enumerate(((name, 12), (school, 10), (mail, 9))):
            sheet.line(text, 115 + 14 * row, size, x=x - len(text) * size * 0.24)
    sheet.line("ABSTRACT", 190, 12, x=55, bold=True)
    sheet.text(FILLER * 2, 55, 205, 240, 9)
    sheet.line("1. INTRODUCTION", 400, 12, x=55, bold=True)
    sheet.text(FILLER * 2, 55, 420, 240, 9)
    sheet.text(FILLER * 7, 317, 190, 240, 9)
    sheet.lines(
        (
            "This work is licensed under the Creative Commons Attribution License. To",
            "view a copy of this license, visit http://creativecommons.org/.",
            "Proceedings of the Example Endowment, Vol. 9, No. 11",
            "Copyright 2016 Example Endowment 2150-8097/16/07.",
            "DOI: 10.14778/2999999.2999991",
        ),
        690,
        7,
        x=55,
    )
    return sheet


@front(
    Expected(
        "Thermal noise in thin superconducting wires",
        ("P Novotny", "J A Almeida", "R Singh"),
        2013,
        "10.1088/1742-6596/999/1/012001",
    )
)
def iop_cover() -> Sheet:
    sheet = Sheet(A4, family="sans")
    sheet.line("PAPER • OPEN ACCESS", 60, 9, x=60)
    sheet.line("Thermal noise in thin superconducting wires", 90, 15, x=60, bold=True)
    sheet.line("To cite this article: P Novotny et al 2013 J. Phys.: Ex. Ser. 999 012001", 130, 10, x=60)
    sheet.line("View the article online for updates and enhancements.", 170, 10, x=60)
    sheet.lines(
        ("Related content", "- Noise in wide wires", "A Johnson and B Smith", "- Superconducting films at rest", "C Jones"),
        230,
        9,
        x=300,
    )
    sheet.line("This content was downloaded from IP address 10.0.0.1 on 12/11/2020 at 10:15", 780, 8, x=60)
    sheet.next()
    sheet.line("Examples of Physics 2013", 40, 8, x=70)
    sheet.line("Journal of Physics: Example Series 999 (2013) 012001", 52, 8, x=70)
    sheet.line("IOP Publishing", 40, 8, x=440)
    sheet.line("doi:10.1088/1742-6596/999/1/012001", 52, 8, x=400)
    sheet.line("Thermal noise in thin superconducting wires", 120, 17, x=70, bold=True)
    sheet.line("P Novotny^1^, J A Almeida^2^ and R Singh^1^", 160, 11, x=120, bold=True)
    sheet.lines(("^1^ Institute of Physics, Prague, Czech Republic", "^2^ University of Coimbra, Portugal"), 180, 9, x=120)
    sheet.line("E-mail: novotny@physics.example", 210, 9, x=120)
    sheet.text("Abstract. " + FILLER * 2, 120, 235, 400, 9)
    sheet.line("1. Introduction", 420, 11, x=70, bold=True)
    sheet.text(FILLER * 4, 70, 440, 460, 11)
    return sheet


@front(
    Expected(
        "A calculus of reversible processes with places",
        ("Antoine Leclerc", "Giulia Ferri"),
        2011,
        abstract=True,
    )
)
def hal_cover() -> Sheet:
    sheet = Sheet(A4, family="sans")
    sheet.line("A calculus of reversible processes with places", 150, 18, x=60, bold=True)
    sheet.line("Antoine Leclerc, Giulia Ferri", 190, 12, x=60)
    sheet.lines(("To cite this version:",), 260, 10, x=60)
    sheet.text(
        "Antoine Leclerc, Giulia Ferri. A calculus of reversible processes with places. CONC 2011 - 22nd Conference "
        "on Examples, Sep 2011, Aachen, Germany. pp.297-311. hal-00999999",
        60,
        290,
        470,
        10,
    )
    sheet.lines(("HAL Id: hal-00999999", "https://hal.example/hal-00999999", "Submitted on 20 Jun 2012"), 420, 11, x=60)
    sheet.text(
        "HAL is a multi-disciplinary open access archive for the deposit and dissemination of scientific research documents, "
        "whether they are published or not.",
        60,
        520,
        220,
        9,
    )
    sheet.text(
        "L’archive ouverte pluridisciplinaire HAL, est destinée au dépôt et à la diffusion de documents scientifiques de niveau "
        "recherche, publiés ou non.",
        310,
        520,
        220,
        9,
    )
    sheet.next()
    sheet.line("A calculus of reversible processes with places", 110, 14, bold=True)
    sheet.line("Antoine Leclerc^1^ and Giulia Ferri^2^", 150, 10)
    sheet.lines(("^1^ INRIA, Grenoble, France", "^2^ University of Bologna, Italy"), 168, 9)
    sheet.text("Abstract. " + FILLER * 2, 130, 210, 340, 9)
    sheet.body(380, left=110)
    return sheet


@front(
    Expected(
        "Moss growth on shaded limestone walls",
        ("Hannah Moore", "Ivan Horvat", "Leila Haddad"),
        2020,
        "10.1098/rsox.201111",
    )
)
def royal_society() -> Sheet:
    sheet = Sheet(A4, family="sans")
    sheet.lines(
        ("rsox.example.org", "Research", "Cite this article: Moore H, Horvat I,", "Haddad L. 2020 Moss growth on"), 100, 8, x=40
    )
    sheet.lines(("shaded limestone walls. R. Soc. Ex. Sci.", "7: 201111.", "http://dx.doi.org/10.1098/rsox.201111"), 140, 8, x=40)
    sheet.lines(("Received: 4 March 2020", "Accepted: 1 June 2020"), 190, 8, x=40)
    sheet.lines(
        ("Subject Category:", "Ecology, conservation", "Subject Areas:", "ecology, plant science", "Keywords:", "moss, shade"),
        230,
        8,
        x=40,
    )
    sheet.lines(("Author for correspondence:", "Hannah Moore", "e-mail: moore@moss.example"), 320, 8, x=40)
    sheet.lines(("Moss growth on shaded", "limestone walls"), 110, 24, x=210, bold=True)
    sheet.line("Hannah Moore^1^, Ivan Horvat^2^ and Leila Haddad^1,3^", 175, 11, x=210)
    sheet.lines(
        (
            "^1^School of Life Sciences, University of Dundee, Dundee, UK",
            "^2^Botanical Institute, Zagreb, Croatia",
            "^3^American University of Beirut, Beirut, Lebanon",
        ),
        192,
        8,
        x=210,
    )
    sheet.text(FILLER * 3, 210, 250, 340, 9)
    sheet.line("1. Introduction", 420, 11, x=210, bold=True)
    sheet.text(FILLER * 4, 210, 440, 340, 9)
    sheet.line(
        "© 2020 The Authors. Published by the Example Society under the terms of the Creative Commons licence.", 780, 7, x=210
    )
    return sheet


@front(
    Expected(
        "Barriers to screening among rural fishers: a mixed methods study",
        ("Nuno Tavares", "Siti Rahman", "Ole Hansen", "Mary-Ann Brooks"),
        2017,
        "10.1186/s12999-017-4321-9",
        venue="BMC Rural Examples",
    )
)
def bmc() -> Sheet:
    sheet = Sheet((595, 791))
    sheet.line("Tavares et al. BMC Rural Examples (2017) 17:321", 35, 8, x=57)
    sheet.line("DOI 10.1186/s12999-017-4321-9", 46, 8, x=57)
    sheet.line("RESEARCH ARTICLE", 85, 10, x=57)
    sheet.line("Open Access", 85, 10, x=470)
    sheet.lines(("Barriers to screening among rural fishers:", "a mixed methods study"), 115, 20, x=57, bold=True)
    sheet.line("Nuno Tavares^1*^, Siti Rahman^2^, Ole Hansen^1,3^ and Mary-Ann Brooks^4^", 170, 11, x=57)
    sheet.line("Abstract", 205, 11, x=62, bold=True)
    y = sheet.text(FILLER * 2, 62, 222, 470, 9.5)
    sheet.line("Keywords: Screening, Fishers, Rural health", y + 8, 9.5, x=62)
    sheet.line("Background", 400, 11, x=57, bold=True)
    sheet.text(FILLER * 3, 57, 418, 230, 9.5)
    sheet.text(FILLER * 3, 305, 400, 230, 9.5)
    sheet.lines(
        ("* Correspondence: tavares@fishers.example", "^1^Faculty of Medicine, University of Lisbon, Lisbon, Portugal"),
        700,
        7.5,
        x=57,
    )
    sheet.text(
        "© The Author(s). 2017 Open Access This article is distributed under the terms of the Creative Commons Attribution 4.0 "
        "International License.",
        57,
        735,
        470,
        7,
    )
    return sheet


@front(Expected("Adaptive meshes for tidal flow over uneven ground", ("Gregory Alan Stone",), 2009))
def american_thesis() -> Sheet:
    sheet = Sheet(LETTER)
    sheet.lines(("ADAPTIVE MESHES FOR TIDAL FLOW", "OVER UNEVEN GROUND"), 120, 12)
    sheet.line("by", 190, 12)
    sheet.line("Gregory Alan Stone", 215, 12)
    sheet.lines(
        (
            "A dissertation submitted in partial fulfillment",
            "of the requirements for the degree of",
            "Doctor of Philosophy",
            "(Civil Engineering)",
            "in The University of Example",
            "2009",
        ),
        300,
        12,
    )
    sheet.lines(
        ("Doctoral Committee:", "Professor Susan Lake, Chair", "Professor David H. Wood", "Associate Professor Maria Ortiz"),
        520,
        12,
        x=90,
    )
    sheet.next()
    sheet.line("© Gregory Alan Stone 2009", 300, 12)
    sheet.next()
    sheet.line("ABSTRACT", 90, 12)
    sheet.text(FILLER * 3, 90, 130, 430, 12)
    sheet.next()
    sheet.body(90, heading="Chapter 1 Introduction", size=12)
    return sheet


@front(
    Expected(
        "How Much Do Minimum Wages Travel?",
        ("Katrin Baumann", "Leo Martin"),
        2014,
    )
)
def discussion_paper() -> Sheet:
    sheet = Sheet(A4, family="sans")
    sheet.line("IEX DP No. 8123", 80, 10, x=450)
    sheet.line("How Much Do Minimum Wages Travel?", 220, 20, x=150)
    sheet.lines(("Katrin Baumann", "Leo Martin"), 280, 13, x=150)
    sheet.line("April 2014", 350, 12, x=150)
    sheet.line("DISCUSSION PAPER SERIES", 500, 22, x=150, bold=True)
    sheet.lines(("Forschungsinstitut", "zur Zukunft der Beispiele", "Institute for the Study", "of Examples"), 700, 9, x=400)
    sheet.next()
    sheet.lines(("How Much Do Minimum Wages Travel?",), 200, 16)
    sheet.lines(("Katrin Baumann", "University of Mannheim and IEX", "Leo Martin", "University of Bonn"), 280, 12)
    sheet.lines(("Discussion Paper No. 8123", "April 2014", "IEX", "P.O. Box 7240", "53072 Bonn", "Germany"), 420, 11)
    sheet.next()
    sheet.lines(("IEX Discussion Paper No. 8123", "April 2014"), 60, 10, x=70)
    sheet.line("ABSTRACT", 110, 12, bold=True)
    sheet.line("How Much Do Minimum Wages Travel?", 140, 12, bold=True)
    sheet.text(FILLER * 2, 100, 170, 400, 11)
    sheet.line("JEL Classification: J31, J38", 330, 10, x=100)
    return sheet
