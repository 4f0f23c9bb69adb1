"""Front pages as journals have them."""

from tests.unit.ingest.documents.sheets import A4, CHINESE_FILLER, FILLER, Expected, Sheet, front


@front(
    Expected(
        "Thermal creep of layered basalt under cyclic loading",
        ("Henrik Dahl", "Chiara Rossi", "Peter J. Wood"),
        2015,
        "10.1016/j.rockm.2015.03.021",
        venue="International Journal of Rock Motion",
    )
)
def elsevier() -> Sheet:
    sheet = Sheet(
        A4,
        info={
            "Title": "Thermal creep of layered basalt under cyclic loading",
            "Author": "Henrik Dahl",
            "Subject": "International Journal of Rock Motion, 77 (2015) 100-112. doi:10.1016/j.rockm.2015.03.021",
        },
    )
    sheet.line("International Journal of Rock Motion 77 (2015) 100–112", 40, 8)
    sheet.line("Contents lists available at ScienceDirect", 70, 9)
    sheet.line("International Journal of Rock Motion", 95, 14)
    sheet.line("journal homepage: www.elsevier.example/locate/rockm", 120, 8)
    sheet.lines(("Thermal creep of layered basalt under cyclic", "loading"), 165, 13.5, x=38)
    sheet.line("Henrik Dahl^a,∗^, Chiara Rossi^b^, Peter J. Wood^a,c^", 215, 10.5, x=38)
    sheet.lines(
        (
            "^a^ Department of Geology, University of Bergen, Norway",
            "^b^ Politecnico di Torino, Italy",
            "^c^ School of Mines, Perth, Australia",
        ),
        232,
        6.5,
        x=38,
    )
    sheet.line("a r t i c l e   i n f o", 275, 9, x=38)
    sheet.line("a b s t r a c t", 275, 9, x=200)
    sheet.lines(
        ("Article history:", "Received 3 June 2014", "Received in revised form 1 March 2015", "Accepted 9 March 2015"),
        292,
        6.5,
        x=38,
    )
    sheet.text(FILLER * 3, 200, 292, 350, 8)
    sheet.text("© 2015 Elsevier Ltd. All rights reserved.", 200, 430, 350, 7)
    sheet.body(470, columns=2, left=38, heading="1. Introduction", size=8)
    sheet.lines(
        (
            "∗ Corresponding author.",
            "E-mail address: dahl@bergen.example (H. Dahl).",
            "http://dx.doi.org/10.1016/j.rockm.2015.03.021",
            "0000-0000/© 2015 Elsevier Ltd. All rights reserved.",
        ),
        775,
        6.5,
        x=38,
    )
    return sheet


@front(
    Expected(
        "Learning to triage bug reports from silent users",
        ("Paulo Mendes", "Ingrid Solberg", "Xiaoyu Wang"),
        2021,
        "10.1007/s10664-021-99999-1",
        venue="Empirical Methods Quarterly",
    )
)
def springer() -> Sheet:
    sheet = Sheet((439, 666))
    sheet.line("Empirical Methods Quarterly (2021) 26:45", 40, 8, x=47)
    sheet.line("https://doi.org/10.1007/s10664-021-99999-1", 51, 8, x=47)
    sheet.lines(("Learning to triage bug reports from silent", "users"), 110, 13, x=47, bold=True)
    sheet.line("Paulo Mendes^1^ · Ingrid Solberg^2^ · Xiaoyu Wang^1,2^", 155, 9.5, x=47, bold=True)
    sheet.lines(("Accepted: 13 January 2021 / Published online: 2 April 2021", "© The Author(s) 2021"), 180, 8, x=47)
    sheet.line("Abstract", 215, 9.5, x=47, bold=True)
    y = sheet.text(FILLER * 2, 47, 228, 345, 9.5)
    sheet.line("Keywords Bug triage · Silent users", y + 10, 9.5, x=47)
    sheet.text("Communicated by: Some Editor", 47, y + 40, 345, 8)
    sheet.line("Paulo Mendes", y + 70, 8, x=60)
    sheet.line("p.mendes@example.pt", y + 80, 8, x=60)
    return sheet


@front(
    Expected(
        "Microbial mats recover unevenly after a single storm",
        ("Olga Petrova", "Daniel Kim", "Lucía Fernández"),
        2019,
        "10.7717/peerj.99123",
    )
)
def peerj() -> Sheet:
    sheet = Sheet(family="sans")
    sheet.lines(("Microbial mats recover unevenly after", "a single storm"), 60, 21.9, x=187)
    sheet.line("Olga Petrova^1^, Daniel Kim^2^ and Lucía Fernández^1,3^", 130, 12, x=187)
    sheet.lines(
        (
            "^1^ Department of Biology, Coastal University, Riga, Latvia",
            "^2^ Ocean Institute, Busan, South Korea",
            "^3^ Universidad del Mar, Cádiz, Spain",
        ),
        148,
        9,
        x=187,
    )
    sheet.line("ABSTRACT", 215, 14, x=199)
    sheet.text(FILLER * 4, 199, 235, 360, 11)
    sheet.lines(("Submitted 4 May 2019", "Accepted 15 July 2019", "Published 19 August 2019"), 490, 9, x=37)
    sheet.lines(("Corresponding author", "Olga Petrova, olga@coast.example", "Academic editor", "Marek Novak"), 535, 9, x=37)
    sheet.lines(
        ("DOI 10.7717/peerj.99123", "Copyright", "2019 Petrova et al.", "Distributed under", "Creative Commons CC-BY 4.0"),
        620,
        9,
        x=37,
    )
    return sheet


@front(
    Expected(
        "Sleep fragmentation predicts recall in shift workers",
        ("Hannah Weiss", "Tomasz Zielinski", "Aisha Bello"),
        2018,
        "10.1371/journal.pone.0199999",
    )
)
def plos() -> Sheet:
    sheet = Sheet(family="sans")
    sheet.line("RESEARCH ARTICLE", 70, 10, x=200, bold=True)
    sheet.lines(("Sleep fragmentation predicts recall in", "shift workers"), 100, 18, x=200, bold=True)
    sheet.line("Hannah Weiss^1^*, Tomasz Zielinski^2^, Aisha Bello^1,2^", 155, 10, x=200, bold=True)
    sheet.text(
        "1 Institute of Chronobiology, Basel, Switzerland, 2 Department of Psychology, Gdansk University, Gdansk, Poland",
        200,
        172,
        360,
        9,
    )
    sheet.line("* hannah.weiss@chrono.example", 200, 9, x=200)
    sheet.line("Abstract", 230, 14, x=200, bold=True)
    y = sheet.text(FILLER * 3, 200, 250, 360, 10)
    sheet.line("Introduction", y + 20, 14, x=200, bold=True)
    sheet.text(FILLER * 3, 200, y + 40, 360, 10)
    sheet.line("OPEN ACCESS", 240, 9, x=36, bold=True)
    sheet.text(
        "Citation: Weiss H, Zielinski T, Bello A (2018) Sleep fragmentation predicts recall in shift workers. PLoS ONE "
        "13(7): e0199999. https://doi.org/10.1371/journal.pone.0199999",
        36,
        255,
        140,
        7,
    )
    sheet.text("Editor: Karl Editorius, University of Oslo, NORWAY", 36, 330, 140, 7)
    sheet.text("Received: January 3, 2018 Accepted: June 9, 2018 Published: July 11, 2018", 36, 360, 140, 7)
    sheet.text("Copyright: © 2018 Weiss et al. This is an open access article.", 36, 400, 140, 7)
    sheet.line("PLOS ONE | https://doi.org/10.1371/journal.pone.0199999 July 11, 2018 1 / 14", 760, 7, x=36)
    return sheet


@front(
    Expected(
        "Soil Moisture Mapping with Drifting Drones",
        ("Marco Bianchi", "Elif Yilmaz", "John K. Mwangi"),
        2020,
        "10.3390/rs12099999",
    )
)
def mdpi() -> Sheet:
    sheet = Sheet(A4)
    sheet.line("remote sensing", 50, 20, x=60, bold=True)
    sheet.line("Article", 90, 10, x=60)
    sheet.lines(("Soil Moisture Mapping with Drifting", "Drones"), 115, 18, x=60, bold=True)
    sheet.line("Marco Bianchi ^1,*^, Elif Yilmaz ^2^ and John K. Mwangi ^1,3^", 165, 10, x=60, bold=True)
    sheet.lines(
        (
            "^1^ Department of Agronomy, University of Padua, 35122 Padua, Italy; marco@agro.example",
            "^2^ Ankara Institute of Technology, 06100 Ankara, Turkey; elif@ait.example",
            "^3^ Savannah Research Center, Nairobi, Kenya",
            "* Correspondence: marco@agro.example; Tel.: +39-049-000000",
        ),
        185,
        8,
        x=70,
    )
    sheet.line("Received: 2 January 2020; Accepted: 27 February 2020; Published: 4 March 2020", 245, 9, x=60)
    y = sheet.text("Abstract: " + FILLER * 2, 60, 270, 470, 10)
    sheet.text("Keywords: soil moisture; drones; mapping", 60, y + 8, 470, 10)
    sheet.body(y + 50, left=60, heading="1. Introduction")
    sheet.line("Remote Sens. 2020, 12, 999; doi:10.3390/rs12099999", 800, 8, x=60)
    return sheet


@front(
    Expected(
        "Cortical maps drift without practice", ("Ana Sousa", "Victor Hale", "Mirjam de Groot"), 2021, "10.1101/2021.03.15.435999"
    )
)
def biorxiv() -> Sheet:
    sheet = Sheet()
    sheet.text(
        "bioRxiv preprint doi: https://doi.org/10.1101/2021.03.15.435999; this version posted March 16, 2021. The copyright "
        "holder for this preprint (which was not certified by peer review) is the author/funder.",
        80,
        20,
        450,
        6,
    )
    sheet.line("Cortical maps drift without practice", 110, 16, x=72, bold=True)
    sheet.line("Ana Sousa^1,2^, Victor Hale^1,#^, Mirjam de Groot^3,#,*^", 150, 11, x=72)
    sheet.lines(
        (
            "1 Champalimaud House, Lisbon, Portugal",
            "2 Department of Physiology, Hill College, Oxford, UK",
            "3 Netherlands Institute for Brains, Amsterdam",
            "# These authors contributed equally",
            "* Correspondence: m.degroot@nib.example",
        ),
        175,
        10,
        x=72,
    )
    sheet.line("Abstract", 270, 12, x=72, bold=True)
    sheet.text(FILLER * 4, 72, 290, 460, 11)
    return sheet


@front(
    Expected(
        "Ancient proteins constrain the timing of a lost migration",
        ("Eva Lindqvist", "Samuel Osei", "R. Patel", "Catherine M. Dubois"),
        2022,
        "10.1038/s41586-022-09999-9",
    )
)
def nature() -> Sheet:
    sheet = Sheet((595, 791), "sans")
    sheet.line("Article", 40, 14, x=40, bold=True)
    sheet.lines(("Ancient proteins constrain the timing of a", "lost migration"), 80, 22, x=40, bold=True)
    sheet.lines(
        (
            "https://doi.org/10.1038/s41586-022-09999-9",
            "Received: 1 June 2021",
            "Accepted: 8 February 2022",
            "Published online: 30 March 2022",
        ),
        150,
        7,
        x=40,
    )
    sheet.line("Eva Lindqvist^1,6^✉, Samuel Osei^2,6^, R. Patel^3^ & Catherine M. Dubois^1,4^".replace("✉", ""), 150, 8, x=200)
    sheet.text(FILLER * 3, 200, 180, 350, 8.5, bold=True)
    sheet.text(FILLER * 10, 40, 340, 250, 8)
    sheet.text(FILLER * 10, 305, 340, 250, 8)
    sheet.text(
        "1Museum of Early Life, Lund, Sweden. 2Department of Archaeology, Accra University, Accra, Ghana. 3Deep Time Lab, "
        "Pune, India.",
        40,
        730,
        500,
        6,
    )
    sheet.line("Nature | Vol 604 | 7 April 2022 | 101", 770, 7, x=420)
    return sheet


@front(
    Expected(
        "Robust Control of Tethered Kites in Gusty Wind",
        ("Michael R. Stone", "Fang Liu"),
        2014,
        "10.1109/tkite.2014.2301234",
        venue="IEEE Transactions on Airborne Systems",
    )
)
def ieee_transactions() -> Sheet:
    sheet = Sheet()
    sheet.line("IEEE TRANSACTIONS ON AIRBORNE SYSTEMS, VOL. 9, NO. 3, MARCH 2014", 30, 7, x=48)
    sheet.line("511", 30, 7, x=550)
    sheet.lines(("Robust Control of Tethered Kites in", "Gusty Wind"), 85, 24)
    sheet.line("Michael R. Stone, Senior Member, IEEE, and Fang Liu, Student Member, IEEE", 150, 11)
    sheet.text("Abstract—" + FILLER * 2, 48, 190, 250, 9, bold=True)
    sheet.text("Index Terms—Kites, robust control.", 48, 330, 250, 9, bold=True)
    sheet.body(370, columns=2, left=48, heading="I. INTRODUCTION", bottom=160)
    sheet.text(
        "Manuscript received March 4, 2013; revised July 9, 2013; accepted December 1, 2013. Date of publication January 9, "
        "2014.",
        48,
        690,
        250,
        8,
    )
    sheet.text("Digital Object Identifier 10.1109/TKITE.2014.2301234", 48, 725, 250, 8)
    sheet.line("0018-0000 © 2014 IEEE. Personal use is permitted.", 770, 7)
    return sheet


@front(Expected("基于主题模型的古籍检索方法研究", ("王小明", "李华", "欧阳明月"), 2016, venue="图书情报学报", language="zh"))
def chinese_journal() -> Sheet:
    sheet = Sheet(A4)
    sheet.line("第 35 卷 第 4 期", 40, 9, x=60)
    sheet.line("图书情报学报", 40, 9, x=270)
    sheet.line("2016 年 4 月", 40, 9, x=470)
    sheet.line("基于主题模型的古籍检索方法研究", 100, 18)
    sheet.line("王小明^1^，李 华^2^，欧阳明月^1^", 135, 12)
    sheet.line("（1. 江南大学 信息学院，江苏 无锡 214122；2. 南京大学 文学院，江苏 南京 210023）", 155, 9)
    y = sheet.text("摘 要：" + CHINESE_FILLER * 2, 80, 185, 430, 9)
    y = sheet.text("关键词：主题模型；古籍；检索", 80, y + 4, 430, 9)
    sheet.text("中图分类号：G354 文献标识码：A 文章编号：1000-0000(2016)04-0001-08", 80, y + 4, 430, 9)
    sheet.text(CHINESE_FILLER * 8, 60, y + 60, 225, 10)
    sheet.text(CHINESE_FILLER * 8, 310, y + 60, 225, 10)
    return sheet


@front(Expected("On the Uses of Forgetting", ("Marguerite Allard",), 1987, venue="", abstract=False))
def jstor() -> Sheet:
    sheet = Sheet()
    sheet.line("On the Uses of Forgetting", 90, 16, x=60, bold=True)
    sheet.lines(
        (
            "Author(s): Marguerite Allard",
            "Source: Quarterly of Moral Thought , Spring, 1987, Vol. 12, No. 2 (Spring, 1987), pp. 101-119",
            "Published by: Example University Press",
            "Stable URL: https://www.jstor.org/stable/0000001",
        ),
        125,
        10,
        x=60,
        step=1.6,
    )
    sheet.text(
        "JSTOR is a not-for-profit service that helps scholars, researchers, and students discover, use, and build upon a "
        "wide range of content in a trusted digital archive.",
        60,
        300,
        480,
        9,
    )
    sheet.next()
    sheet.line("ON THE USES OF FORGETTING", 120, 12)
    sheet.line("Marguerite Allard", 150, 10)
    sheet.body(200, heading="I")
    return sheet


@front(Expected("Adaptive reuse of village granaries in dry climates", ("Nadia Karimi", "Stefan Brandt"), 2017, "", venue=""))
def researchgate() -> Sheet:
    sheet = Sheet(A4, "sans")
    sheet.line(
        "See discussions, stats, and author profiles for this publication at: https://www.researchgate.net/publication/300000000",
        40,
        8,
        x=40,
    )
    sheet.line("Adaptive reuse of village granaries in dry climates", 80, 16, x=40, bold=True)
    sheet.line("Article in Journal of Rural Heritage · March 2017", 110, 9, x=40)
    sheet.line("CITATIONS", 150, 7, x=40)
    sheet.line("READS", 150, 7, x=300)
    sheet.line("12", 162, 9, x=40)
    sheet.line("340", 162, 9, x=300)
    sheet.line("2 authors:", 190, 9, x=40, bold=True)
    sheet.line("Nadia Karimi", 220, 9, x=70)
    sheet.line("Stefan Brandt", 220, 9, x=330)
    sheet.line("All content following this page was uploaded by Nadia Karimi on 02 May 2018.", 760, 7, x=40)
    sheet.next()
    sheet.line("Adaptive reuse of village granaries in dry climates", 100, 16, bold=True)
    sheet.line("Nadia Karimi^1^ and Stefan Brandt^2^", 140, 11)
    sheet.lines(("^1^ Yazd University, Yazd, Iran", "^2^ Technische Hochschule Wismar, Germany"), 158, 9)
    sheet.text("Abstract. " + FILLER * 2, 100, 200, 400, 10)
    sheet.body(340)
    return sheet
