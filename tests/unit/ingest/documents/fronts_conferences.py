"""Front pages as conferences have them."""

from tests.unit.ingest.documents.sheets import A4, FILLER, Expected, Sheet, front


@front(
    Expected(
        "Sparse Ledgers: Counting What Was Never Written",
        ("Maren Holtz", "Tobias Ekwall", "Priya Raman"),
        2019,
        "10.18653/v1/p19-9901",
    )
)
def acl() -> Sheet:
    sheet = Sheet(A4, info={"Title": "Proceedings of the 57th Annual Meeting"})
    sheet.lines(("Sparse Ledgers:", "Counting What Was Never Written"), 80, 14.3, bold=True)
    sheet.line("Maren Holtz and Tobias Ekwall and Priya Raman", 130, 12, bold=True)
    sheet.lines(("Department of Linguistics, University of Lindholm", "{mholtz,ekwall,raman}@ling.lindholm.edu"), 146, 12)
    sheet.line("Abstract", 210, 12, x=150, bold=True)
    sheet.text(FILLER * 2, 88, 228, 185)
    sheet.text(FILLER * 3, 306, 210, 218)
    sheet.line("1 Introduction", 460, 12, x=71, bold=True)
    sheet.text(FILLER * 3, 71, 480, 218)
    sheet.text(FILLER * 3, 306, 480, 218)
    sheet.lines(
        (
            "Proceedings of the 57th Annual Meeting of the Association for Computational Linguistics, pages 11–20",
            "Florence, Italy, July 28 - August 2, 2019. ©2019 Association for Computational Linguistics",
            "https://doi.org/10.18653/v1/P19-9901",
        ),
        790,
        8,
    )
    return sheet


@front(Expected("Gradient Tides in Overparameterised Reservoirs", ("Ilse van der Meer", "José A. Quintero", "Wei Zhang"), 2020))
def neurips() -> Sheet:
    sheet = Sheet()
    sheet.lines(("Gradient Tides in Overparameterised", "Reservoirs"), 110, 17.2, bold=True)
    for x, name, mail in (
        (110, "Ilse van der Meer", "ilse@delta.nl"),
        (260, "José A. Quintero", "jose@delta.nl"),
        (410, "Wei Zhang^∗^", "wei@delta.nl"),
    ):
        sheet.line(name, 190, 10, x=x, bold=True)
        sheet.lines(("Institute of Delta Studies", mail), 202, 10, x=x)
    sheet.line("Abstract", 260, 12, bold=True)
    sheet.text(FILLER * 2, 144, 280, 324)
    sheet.body(400, left=108)
    sheet.line("34th Conference on Neural Information Processing Systems (NeurIPS 2020), Vancouver, Canada.", 740, 9, x=108)
    return sheet


@front(Expected("Certified Patience for Delayed Bandits", ("Aino Laakso", "Benedikt Straub"), 2018))
def icml() -> Sheet:
    sheet = Sheet()
    sheet.line("Certified Patience for Delayed Bandits", 100, 14.3, bold=True)
    sheet.line("Aino Laakso^1^   Benedikt Straub^1 2^", 150, 10, bold=True)
    sheet.line("Abstract", 200, 12, x=150, bold=True)
    sheet.text(FILLER * 2, 75, 220, 195)
    sheet.text(FILLER * 4, 306, 200, 235)
    sheet.line("1. Introduction", 420, 12, x=55, bold=True)
    sheet.text(FILLER * 4, 55, 440, 235)
    sheet.text(
        "1Aalder University, Turku, Finland 2Mont Institute, Bern, Switzerland. Correspondence to: Aino Laakso <aino@aalder.fi>.",
        55,
        640,
        235,
        9,
    )
    sheet.text(
        "Proceedings of the 35th International Conference on Machine Learning, Stockholm, Sweden, PMLR 80, 2018. Copyright "
        "2018 by the author(s).",
        55,
        680,
        235,
        9,
    )
    return sheet


@front(
    Expected(
        "Low-Latency Scheduling of Harbour Cranes with Learned Surrogates",
        ("Nuria Campos", "Olivier Petit", "Tanaka Hiroshi", "Grace O'Malley"),
        2021,
        "10.1109/icxx52345.2021.00042",
    )
)
def ieee_conference() -> Sheet:
    sheet = Sheet(info={"Author": "Administrator", "Title": "Microsoft Word - camera_ready_v3.doc"})
    sheet.line("2021 IEEE 7th International Conference on Harbour Automation (ICHA)", 30, 8)
    sheet.lines(("Low-Latency Scheduling of Harbour Cranes with", "Learned Surrogates"), 80, 24)
    for row, pair in enumerate((("Nuria Campos", "Olivier Petit"), ("Tanaka Hiroshi", "Grace O'Malley"))):
        for x, name in zip((120, 350), pair, strict=True):
            sheet.line(name, 150 + 70 * row, 11, x=x)
            sheet.lines(
                ("Dept. of Logistics", "Port University", "Rotterdam, Netherlands", f"{name.split()[0].lower()}@port.example"),
                163 + 70 * row,
                10,
                x=x,
            )
    sheet.text("Abstract—" + FILLER * 2, 50, 310, 245, 9, bold=True)
    sheet.body(470, columns=2, left=50, heading="I. INTRODUCTION")
    sheet.lines(("978-1-6654-0000-1/21/$31.00 ©2021 IEEE", "DOI 10.1109/ICXX52345.2021.00042"), 750, 8, x=50)
    return sheet


@front(
    Expected(
        "Whisper Maps: Eliciting Spatial Memory from Commuters",
        ("Leila Haddad", "Sven Björk", "Amara Okafor"),
        2022,
        "10.1145/3491102.3599999",
    )
)
def acm() -> Sheet:
    sheet = Sheet(family="sans")
    sheet.lines(("Whisper Maps: Eliciting Spatial Memory from", "Commuters"), 90, 17.2, bold=True)
    for x, name, place in (
        (90, "Leila Haddad", "Beirut, Lebanon"),
        (260, "Sven Björk", "Umeå, Sweden"),
        (430, "Amara Okafor", "Lagos, Nigeria"),
    ):
        sheet.line(name, 150, 12, x=x)
        sheet.lines(("Cedar University", place, "author@cedar.example"), 164, 10, x=x)
    sheet.line("ABSTRACT", 230, 11, x=54, bold=True)
    sheet.text(FILLER * 2, 54, 246, 240, 9)
    sheet.line("CCS CONCEPTS", 400, 11, x=54, bold=True)
    sheet.text("• Human-centered computing → User studies.", 54, 416, 240, 9)
    sheet.line("ACM Reference Format:", 440, 8, x=54, bold=True)
    sheet.text(
        "Leila Haddad, Sven Björk, and Amara Okafor. 2022. Whisper Maps: Eliciting Spatial Memory from Commuters. In CHI "
        "Conference on Human Factors in Computing Systems (CHI '22), April 29-May 5, 2022, New Orleans, LA, USA. ACM, New "
        "York, NY, USA, 9 pages. https://doi.org/10.1145/3491102.3599999",
        54,
        452,
        240,
        8,
    )
    sheet.text(
        "Permission to make digital or hard copies of all or part of this work for personal or classroom use is granted "
        "without fee.",
        54,
        640,
        240,
        7,
    )
    sheet.lines(
        (
            "CHI '22, April 29-May 5, 2022, New Orleans, LA, USA",
            "© 2022 Copyright held by the owner/author(s).",
            "ACM ISBN 978-1-4503-9157-3/22/04.",
            "https://doi.org/10.1145/3491102.3599999",
        ),
        690,
        7,
        x=54,
    )
    sheet.line("1 INTRODUCTION", 230, 11, x=318, bold=True)
    sheet.text(FILLER * 9, 318, 246, 240, 9)
    return sheet


@front(Expected("A Placeholder Is Not a Name", ("Erik Lund", "Sofia Marino"), 2018))
def acm_template_doi() -> Sheet:
    sheet = Sheet(info={"Title": "SIG Proceedings Paper in LaTeX Format", "Author": "G.K.M. Tobin"})
    sheet.line("A Placeholder Is Not a Name", 90, 17.2, bold=True)
    for x, name in ((150, "Erik Lund"), (370, "Sofia Marino")):
        sheet.line(name, 130, 12, x=x)
        sheet.lines(("Northern College", "Bergen, Norway", "mail@north.example"), 144, 10, x=x)
    sheet.line("ABSTRACT", 220, 11, x=54, bold=True)
    sheet.text(FILLER * 3, 54, 236, 240, 9)
    sheet.lines(
        (
            "Conference'17, July 2017, Washington, DC, USA",
            "© 2018 Association for Computing Machinery.",
            "https://doi.org/10.1145/nnnnnnn.nnnnnnn",
        ),
        700,
        7,
        x=54,
    )
    sheet.text(FILLER * 8, 318, 220, 240, 9)
    return sheet


@front(
    Expected(
        "Verified Tearing Rules for Folded Automata",
        ("Katarzyna Nowak", "Luís Ferreira da Silva", "Hannes Vogt"),
        2017,
        "10.1007/978-3-319-99999-1_12",
    )
)
def lncs() -> Sheet:
    sheet = Sheet((439, 666))
    sheet.lines(("Verified Tearing Rules for", "Folded Automata"), 90, 14, bold=True)
    sheet.line("Katarzyna Nowak^1(^✉^)^, Luís Ferreira da Silva^2^, and Hannes Vogt^1,2^".replace("^1(^✉^)^", "^1^"), 135, 10)
    sheet.lines(
        ("^1^ Institute of Formal Methods, Warsaw, Poland", "k.nowak@ifm.example", "^2^ Universidade do Porto, Porto, Portugal"),
        152,
        9,
    )
    sheet.text("Abstract. " + FILLER * 2, 70, 205, 300, 9)
    sheet.line("Keywords: automata · folding · verification", 330, 9, x=70)
    sheet.line("1 Introduction", 360, 12, x=50, bold=True)
    sheet.text(FILLER * 3, 50, 380, 340, 10)
    sheet.lines(
        (
            "© Springer International Publishing AG 2017",
            "M. Editor et al. (Eds.): FOLD 2017, LNCS 10999, pp. 180–195, 2017.",
            "DOI: 10.1007/978-3-319-99999-1_12",
        ),
        620,
        8,
        x=50,
    )
    return sheet


@front(Expected("Do Warblers Prefer Prime Intervals?", ("Yuki Sato", "Min-Jun Park"), 2023, "", "2311.09999"))
def arxiv() -> Sheet:
    sheet = Sheet()
    sheet.stamp("arXiv:2311.09999v2 [q-bio.NC] 21 Nov 2023")
    sheet.line("Do Warblers Prefer Prime Intervals?", 120, 17, bold=False)
    sheet.line("Yuki Sato^∗^ and Min-Jun Park^†^", 170, 12)
    sheet.lines(("^∗^Avian Institute, Kyoto", "^†^Han University, Seoul", "November 22, 2023"), 190, 10)
    sheet.line("Abstract", 260, 10, bold=True)
    sheet.text(FILLER * 2, 120, 276, 372, 9)
    sheet.body(420)
    return sheet


@front(Expected("Retrieval Without Regret", ("Anna Bauer", "Ravi Kumar"), 2024, "", "2402.01234"), filename="2402.01234v1.pdf")
def iclr() -> Sheet:
    sheet = Sheet()
    sheet.line("Published as a conference paper at ICLR 2024", 40, 10, x=108)
    sheet.line("RETRIEVAL WITHOUT REGRET", 90, 17, x=108)
    sheet.line("Anna Bauer & Ravi Kumar", 130, 10, x=108, bold=True)
    sheet.lines(
        ("Department of Computer Science", "Alpine University", "Innsbruck, Austria", "{anna,ravi}@alpine.example"),
        142,
        10,
        x=108,
    )
    sheet.line("ABSTRACT", 220, 12)
    sheet.text(FILLER * 2, 144, 240, 324)
    sheet.body(370, left=108, heading="1 INTRODUCTION")
    return sheet


@front(
    Expected(
        "Scene Graphs from Sparse Sonar",
        ("Jonas Keller", "Mei-Ling Chen", "Ahmed El-Sayed", "Fatima Zahra Benali"),
        2016,
        venue="",
    )
)
def cvpr() -> Sheet:
    sheet = Sheet()
    sheet.text(
        "This CVPR paper is the Open Access version, provided by the Computer Vision Foundation. Except for this watermark, "
        "it is identical to the accepted version.",
        100,
        30,
        420,
        8,
    )
    sheet.line("Scene Graphs from Sparse Sonar", 100, 14.3, bold=True)
    sheet.line("Jonas Keller^1^   Mei-Ling Chen^2^   Ahmed El-Sayed^1,3^   Fatima Zahra Benali^2^", 140, 12)
    sheet.line("^1^Marine Lab, Kiel   ^2^National Bay University   ^3^Red Sea Institute", 156, 12)
    sheet.line("Abstract", 220, 12, x=150, bold=True)
    sheet.text(FILLER * 2, 50, 240, 240)
    sheet.text(FILLER * 5, 310, 220, 240)
    sheet.body(460, columns=2, left=50, heading="1. Introduction")
    sheet.line("Proceedings of the IEEE Conference on Computer Vision and Pattern Recognition, 2016", 760, 8)
    return sheet
