"""Front pages as learned societies and series of papers have them."""

from tests.unit.ingest.documents.sheets import A4, FILLER, LETTER, Expected, Sheet, front


@front(
    Expected(
        "Spin echoes in disordered honeycomb magnets",
        ("A. Lindgren", "S. Bose", "M. D. Harris", "K. Watanabe"),
        2017,
        "10.1103/PhysRevExample.95.014401".lower(),
    )
)
def aps() -> Sheet:
    sheet = Sheet(LETTER)
    sheet.line("PHYSICAL REVIEW EXAMPLE 95, 014401 (2017)", 45, 10)
    sheet.line("Spin echoes in disordered honeycomb magnets", 90, 13, bold=True)
    sheet.line("A. Lindgren,^1,*^ S. Bose,^2^ M. D. Harris,^1,3^ and K. Watanabe^2^", 120, 10.5)
    sheet.lines(
        (
            "^1^Department of Physics, Uppsala University, SE-751 20 Uppsala, Sweden",
            "^2^Indian Institute of Science, Bangalore 560012, India",
            "^3^Kyoto University, Kyoto 606-8501, Japan",
            "(Received 8 September 2016; revised manuscript received 1 December 2016; published 3 January 2017)",
        ),
        138,
        9,
    )
    y = sheet.text(FILLER * 2, 110, 195, 390, 9)
    sheet.line("DOI: 10.1103/PhysRevExample.95.014401", y + 6, 9, x=110)
    sheet.line("I. INTRODUCTION", 320, 10, x=120, bold=True)
    sheet.text(FILLER * 5, 55, 340, 240, 10)
    sheet.text(FILLER * 5, 315, 320, 240, 10)
    sheet.line("*a.lindgren@physics.example", 740, 8, x=55)
    sheet.line("2469-9950/2017/95(1)/014401(9)", 765, 8, x=55)
    sheet.line("©2017 American Physical Society", 765, 8, x=400)
    return sheet


@front(
    Expected(
        "Do Carbon Prices Move Household Budgets?",
        ("Anna Weber", "Robert T. Klein", "Sofia Marquez"),
        2019,
        abstract=True,
    )
)
def working_paper() -> Sheet:
    sheet = Sheet(LETTER)
    sheet.line("EXAMPLE WORKING PAPER SERIES", 150, 12)
    sheet.line("DO CARBON PRICES MOVE HOUSEHOLD BUDGETS?", 250, 12)
    sheet.lines(("Anna Weber", "Robert T. Klein", "Sofia Marquez"), 300, 12)
    sheet.lines(("Working Paper 25999", "http://www.papers.example/w25999"), 400, 12)
    sheet.lines(("BUREAU OF EXAMPLES", "1050 Long Avenue", "Cambridge, MA 02138", "June 2019"), 470, 12)
    sheet.text(
        "We thank seminar participants for helpful comments. The views expressed herein are those of the authors and do not "
        "necessarily reflect the views of the bureau.",
        72,
        560,
        460,
        10,
    )
    sheet.next()
    sheet.lines(
        (
            "Do Carbon Prices Move Household Budgets?",
            "Anna Weber, Robert T. Klein, and Sofia Marquez",
            "Working Paper No. 25999",
            "June 2019",
        ),
        90,
        12,
        x=72,
    )
    sheet.line("ABSTRACT", 170, 12)
    sheet.text(FILLER * 2, 72, 200, 460, 12)
    sheet.lines(("Anna Weber", "Department of Economics", "University of Vienna"), 400, 12, x=72)
    sheet.lines(("Robert T. Klein", "School of Business", "Duke University"), 400, 12, x=330)
    sheet.next()
    sheet.body(90, heading="1 Introduction", size=12)
    return sheet


@front(
    Expected(
        "Verified garbage collection for a lazy language",
        ("Claire Dubois", "Nikhil Rao"),
        2022,
        "10.4230/LIPIcs.EXA.2022.17".lower(),
    )
)
def lipics() -> Sheet:
    sheet = Sheet(A4, family="sans")
    sheet.lines(("Verified garbage collection for a lazy", "language"), 90, 17, x=75, bold=True)
    sheet.line("Claire Dubois", 150, 12, x=75, bold=True)
    sheet.line("IRIF, Université de Paris, France", 165, 9, x=75)
    sheet.line("Nikhil Rao", 190, 12, x=75, bold=True)
    sheet.line("Chennai Mathematical Institute, India", 205, 9, x=75)
    sheet.line("Abstract", 235, 9, x=75, bold=True)
    y = sheet.text(FILLER * 2, 75, 248, 440, 9)
    y = sheet.text("2012 ACM Subject Classification Software and its engineering → Garbage collection", 75, y + 8, 440, 9)
    y = sheet.text("Keywords and phrases garbage collection, laziness, verification", 75, y + 6, 440, 9)
    y = sheet.text("Digital Object Identifier 10.4230/LIPIcs.EXA.2022.17", 75, y + 6, 440, 9)
    y = sheet.text("Funding Nikhil Rao: supported by grant 42.", 75, y + 6, 440, 9)
    sheet.line("1 Introduction", y + 25, 12, x=75, bold=True)
    sheet.text(FILLER * 3, 75, y + 45, 440, 10)
    sheet.lines(
        (
            "© Claire Dubois and Nikhil Rao;",
            "licensed under Creative Commons License CC-BY 4.0",
            "13th Conference on Examples (EXA 2022).",
            "Editors: June Park and Ivan Petrov; Article No. 17; pp. 17:1–17:18",
            "Leibniz Example Proceedings in Informatics",
        ),
        770,
        7,
        x=75,
    )
    return sheet


@front(
    Expected(
        "Tracking phishing kits across hosting providers",
        ("Dana Levi", "Marcus Hall", "Yuki Sato", "Peter van Dijk"),
        2020,
    )
)
def usenix() -> Sheet:
    sheet = Sheet(LETTER)
    sheet.lines(("Tracking phishing kits across", "hosting providers"), 150, 22, bold=True)
    sheet.line("Dana Levi, Example University; Marcus Hall, Sample Corp; Yuki Sato,", 230, 12)
    sheet.line("Nagoya University; Peter van Dijk, Delft University of Technology", 246, 12)
    sheet.line("https://www.conference.example/sec20/presentation/levi", 300, 11)
    sheet.lines(
        (
            "This paper is included in the Proceedings of the",
            "29th Example Security Symposium.",
            "August 12–14, 2020",
            "978-1-939133-17-5",
        ),
        400,
        13,
    )
    sheet.next()
    sheet.line("Tracking phishing kits across hosting providers", 90, 14, bold=True)
    sheet.lines(("Dana Levi", "Example University"), 130, 12, x=60)
    sheet.lines(("Marcus Hall", "Sample Corp"), 130, 12, x=200)
    sheet.lines(("Yuki Sato", "Nagoya University"), 130, 12, x=320)
    sheet.lines(("Peter van Dijk", "Delft University of Technology"), 130, 12, x=430)
    sheet.line("Abstract", 190, 12, x=150, bold=True)
    sheet.text(FILLER * 2, 60, 210, 235, 10)
    sheet.line("1 Introduction", 480, 12, x=60, bold=True)
    sheet.text(FILLER * 2, 60, 500, 235, 10)
    sheet.text(FILLER * 5, 315, 190, 235, 10)
    return sheet


@front(
    Expected(
        "Aerosol layers above the Baltic in early spring",
        ("Kaisa Virtanen", "Jonas Berg", "Marek Zielinski"),
        2014,
        "10.5194/acx-14-999-2014",
    )
)
def copernicus() -> Sheet:
    sheet = Sheet(A4)
    sheet.lines(
        (
            "Atmos. Chem. Examples, 14, 999–1012, 2014",
            "www.atmos-chem-examples.net/14/999/2014/",
            "doi:10.5194/acx-14-999-2014",
            "© Author(s) 2014. CC Attribution 3.0 License.",
        ),
        40,
        8,
        x=45,
    )
    sheet.line("Aerosol layers above the Baltic in early spring", 150, 17, bold=True)
    sheet.line("Kaisa Virtanen^1^, Jonas Berg^2^, and Marek Zielinski^1,3^", 185, 11)
    sheet.lines(
        (
            "^1^Department of Physics, University of Helsinki, Helsinki, Finland",
            "^2^Meteorological Institute, Stockholm, Sweden",
            "^3^Institute of Oceanology, Sopot, Poland",
        ),
        205,
        8,
    )
    sheet.line("Correspondence to: K. Virtanen (virtanen@physics.example)", 245, 8)
    sheet.line("Received: 3 July 2013 – Published in Discussions: 12 September 2013", 262, 8)
    sheet.line("Revised: 4 December 2013 – Accepted: 10 December 2013 – Published: 28 January 2014", 272, 8)
    sheet.text("Abstract. " + FILLER * 3, 45, 310, 245, 9)
    sheet.line("1 Introduction", 310, 11, x=310, bold=True)
    sheet.text(FILLER * 5, 310, 330, 245, 9)
    return sheet


@front(Expected("Light field probes for underwater inspection", ("Oskar Nyberg", "Yan Wu"), 2012, "10.1117/12.999999"))
def spie() -> Sheet:
    sheet = Sheet(LETTER)
    sheet.line("Light field probes for underwater inspection", 110, 16, bold=True)
    sheet.line("Oskar Nyberg^a^ and Yan Wu^b^", 145, 12)
    sheet.lines(("^a^Lund University, Box 118, Lund, Sweden;", "^b^Ocean University of China, Qingdao, China"), 165, 10)
    sheet.line("ABSTRACT", 215, 11, bold=True)
    y = sheet.text(FILLER * 2, 72, 235, 470, 10)
    sheet.line("Keywords: light field, underwater, probes", y + 8, 10, x=72)
    sheet.line("1. INTRODUCTION", y + 40, 11, bold=True)
    sheet.text(FILLER * 3, 72, y + 60, 470, 10)
    sheet.lines(
        (
            "Example Optics VII, edited by A. Bee, C. Dee, Proc. of SPIX Vol. 8444, 84440A",
            "© 2012 SPIX · CCC code: 0277-786X/12/$18 · doi: 10.1117/12.999999",
        ),
        740,
        8,
        x=72,
    )
    sheet.line("Proc. of SPIX Vol. 8444 84440A-1", 770, 8)
    return sheet


@front(Expected("ON THE ZEROS OF SPARSE RANDOM POLYNOMIALS", ("MIKHAIL PETROV", "LAURA STEIN"), 2015))
def maths_caps() -> Sheet:
    sheet = Sheet(LETTER)
    sheet.line("ON THE ZEROS OF SPARSE RANDOM POLYNOMIALS", 110, 12, bold=True)
    sheet.line("MIKHAIL PETROV AND LAURA STEIN", 150, 9)
    sheet.text("Abstract. " + FILLER, 130, 190, 350, 8.5)
    sheet.line("1. Introduction", 270, 10)
    sheet.text(FILLER * 5, 100, 290, 410, 10)
    sheet.lines(
        (
            "Date: March 3, 2015.",
            "2010 Mathematics Subject Classification. Primary 60G99.",
            "Key words and phrases. Random polynomials, zeros.",
        ),
        640,
        8,
        x=100,
    )
    return sheet
