"""Front pages of theses, reports, slides and papers made with an office program."""

from tests.unit.ingest.documents.sheets import A4, CHINESE_FILLER, FILLER, Expected, Sheet, front


@front(Expected("Tidal Energy and the Politics of Small Islands", ("Rowan McAllister",), 2012, abstract=True))
def thesis() -> Sheet:
    sheet = Sheet(A4)
    sheet.line("UNIVERSITY OF STRATHMORE", 90, 18, bold=True)
    sheet.line("Faculty of Social Science", 115, 14)
    sheet.lines(("Tidal Energy and the Politics of", "Small Islands"), 230, 24, bold=True)
    sheet.line("by", 330, 12)
    sheet.line("Rowan McAllister", 355, 16)
    sheet.lines(("A thesis submitted in partial fulfilment for the", "degree of Doctor of Philosophy"), 430, 12)
    sheet.line("Supervisor: Prof. Elaine Burgess", 520, 12)
    sheet.line("September 2012", 650, 12)
    sheet.next()
    sheet.line("Abstract", 120, 17, bold=True)
    sheet.text(FILLER * 4, 90, 160, 415, 12)
    return sheet


@front(Expected("Wartbarkeit generierter Schnittstellen", ("Jürgen Schäfer",), 2020, abstract=False, language="de"))
def german_thesis() -> Sheet:
    sheet = Sheet(A4, "sans")
    sheet.line("Technische Universität Beispielstadt", 80, 14)
    sheet.line("Fakultät für Informatik", 100, 12)
    sheet.line("Masterarbeit", 200, 16, bold=True)
    sheet.line("Wartbarkeit generierter Schnittstellen", 250, 20, bold=True)
    sheet.line("vorgelegt von", 330, 12)
    sheet.line("Jürgen Schäfer", 350, 14)
    sheet.lines(("Betreuer: Prof. Dr. Karl Weber", "Zweitgutachter: Dr. Anna Klein", "Abgabedatum: 15. März 2020"), 480, 12)
    sheet.next()
    sheet.line("1 Einleitung", 100, 16, x=72, bold=True)
    sheet.text(
        "Die Wartung von Schnittstellen ist mit hohen Kosten verbunden, und der Aufwand wird von den meisten nicht gemessen. "
        "Wir zeigen, dass sich die Kosten mit einem einfachen Modell schätzen lassen, das auf den Daten der letzten Jahre "
        "beruht. " * 5,
        72,
        130,
        450,
        11,
    )
    return sheet


@front(Expected("Word-Made Papers Deserve Titles Too", ("Carla Jensen", "Bruno Oliveira"), 2009, abstract=True))
def word() -> Sheet:
    sheet = Sheet(A4, info={"Title": "Microsoft Word - final_v7_CJ.docx", "Author": "cjensen"})
    sheet.line("Word-Made Papers Deserve Titles Too", 90, 14, bold=True)
    sheet.line("Carla Jensen, Bruno Oliveira", 125, 10)
    sheet.lines(("Department of Informatics, Aarhus University", "cjensen@au.example, bruno@au.example"), 139, 10)
    sheet.text("Abstract. " + FILLER * 2, 90, 190, 415, 10)
    sheet.body(300)
    sheet.line("Workshop on Office Documents, Aarhus, June 2009", 800, 8)
    return sheet


@front(Expected("Plain Manuscripts Typed in One Size", ("Edgar Whitfield", "Lena Horvath"), None, abstract=True))
def one_size() -> Sheet:
    sheet = Sheet(A4)
    sheet.line("Plain Manuscripts Typed in One Size", 90, 12)
    sheet.line("Edgar Whitfield and Lena Horvath", 125, 12)
    sheet.line("College of Letters, Budapest, Hungary", 145, 12)
    sheet.line("Abstract", 190, 12)
    sheet.text(FILLER * 2, 72, 215, 450, 12)
    sheet.line("Introduction", 400, 12)
    sheet.text(FILLER * 4, 72, 425, 450, 12)
    return sheet


@front(Expected("Streaming Joins at the Edge", ("Diego Alvarez",), 2021, abstract=False, language=""))
def slides() -> Sheet:
    sheet = Sheet((720, 405), "sans", info={"Title": "PowerPoint Presentation", "Author": "diego"})
    sheet.line("Streaming Joins at the Edge", 160, 36, bold=True)
    sheet.line("Diego Alvarez", 220, 20)
    sheet.line("Edge Systems Lab, Universidad de Chile", 250, 16)
    sheet.line("October 12, 2021", 300, 14)
    sheet.next()
    sheet.line("Motivation", 50, 28, x=40, bold=True)
    sheet.lines(("• Sensors talk all day", "• Links fail at night"), 110, 20, x=60, step=2)
    return sheet


@front(
    Expected(
        "Counting Bicycles with Cheap Radar", ("Mary-Ann Fletcher", "D. W. Osborne", "Piotr Wiśniewski"), 2011, abstract=True
    )
)
def technical_report() -> Sheet:
    sheet = Sheet()
    sheet.line("City Mobility Laboratory", 60, 12, x=72)
    sheet.line("Technical Report CML-TR-2011-07", 76, 12, x=72)
    sheet.line("Counting Bicycles with Cheap Radar", 180, 20, x=72, bold=True)
    sheet.lines(("Mary-Ann Fletcher, D. W. Osborne,", "Piotr Wisniewski"), 225, 12, x=72)
    sheet.line("May 2011", 270, 12, x=72)
    sheet.line("Abstract", 320, 14, x=72, bold=True)
    sheet.text(FILLER * 2, 72, 345, 460, 11)
    return sheet


@front(
    Expected(
        "Titles With Degrees Behind the Names",
        ("Susan L. Grant", "Omar Farouk", "Bao Nguyen"),
        2013,
        "10.1001/jexample.2013.1234",
        abstract=True,
    )
)
def medical() -> Sheet:
    sheet = Sheet(family="sans")
    sheet.line("Original Investigation", 50, 11, x=60, bold=True)
    sheet.line("Titles With Degrees Behind the Names", 85, 20, x=60, bold=True)
    sheet.line("Susan L. Grant, MD, PhD; Omar Farouk, MPH; Bao Nguyen, MD", 115, 10, x=60)
    sheet.line("Abstract", 160, 12, x=60, bold=True)
    sheet.text(FILLER * 3, 60, 180, 480, 9)
    sheet.lines(
        ("JExample Intern Med. 2013;173(4):301-308. doi:10.1001/jexample.2013.1234", "Published online February 4, 2013."),
        330,
        8,
        x=60,
    )
    sheet.text(
        "Author Affiliations: Department of Medicine, Bayview Hospital, Boston, Massachusetts (Grant); School of Public "
        "Health, Cairo, Egypt (Farouk).",
        60,
        370,
        480,
        8,
    )
    sheet.body(430, columns=2, left=60, heading="Methods", size=9)
    return sheet


@front(Expected("面向低资源语言的语音识别系统设计与实现", ("赵敏",), 2018, language="zh", abstract=True))
def chinese_thesis() -> Sheet:
    sheet = Sheet(A4)
    sheet.line("分类号：TP391", 60, 10, x=70)
    sheet.line("学校代码：10000", 60, 10, x=400)
    sheet.line("东湖大学", 120, 26)
    sheet.line("硕士学位论文", 170, 30)
    sheet.line("论文题目：面向低资源语言的语音识别系统设计与实现", 260, 16)
    sheet.lines(("作者姓名：赵 敏", "指导教师：孙 立 教授", "学科专业：计算机应用技术", "二〇一八年五月"), 360, 14, step=2)
    sheet.next()
    sheet.line("摘 要", 90, 16)
    sheet.text(CHINESE_FILLER * 4, 80, 130, 430, 12)
    sheet.line("关键词：语音识别；低资源语言", 330, 12, x=80)
    return sheet


@front(Expected("古代驿站制度的经济影响", ("陈国强", "刘洋"), 2010, language="zh", abstract=True))
def chinese_plain() -> Sheet:
    sheet = Sheet(A4)
    sheet.line("古代驿站制度的经济影响", 90, 16)
    sheet.line("陈国强  刘  洋", 120, 12)
    sheet.line("(河海大学商学院, 南京 210098)", 140, 10)
    y = sheet.text("[摘要] " + CHINESE_FILLER * 2, 80, 175, 430, 10)
    sheet.line("[关键词] 驿站；经济", y + 4, 10, x=80)
    sheet.line("收稿日期：2010-03-05", 800, 8, x=80)
    sheet.line("一、引言", y + 40, 12, x=80)
    sheet.text(CHINESE_FILLER * 5, 80, y + 60, 430, 10)
    return sheet


@front(Expected("Notes on Counting Lattice Animals by Transfer", ("Gy. Szabó", "M. Ó Briain"), 1998, abstract=True, venue=""))
def amsart() -> Sheet:
    sheet = Sheet()
    sheet.lines(("NOTES ON COUNTING LATTICE ANIMALS BY", "TRANSFER"), 110, 12, bold=True)
    sheet.line("GY. SZABÓ AND M. Ó BRIAIN", 150, 9)
    sheet.text("ABSTRACT. " + FILLER * 2, 110, 190, 390, 9)
    sheet.body(300, heading="1. Introduction")
    sheet.lines(("Date: June 5, 1998.", "2000 Mathematics Subject Classification. 05A16."), 720, 8, x=72)
    return sheet


@front(
    Expected("Ledger Proofs for Shared Kitchens", ("Amelia Park", "Kofi Mensah"), None, "10.5555/ledger.2023.17", abstract=True)
)
def references_on_the_first_page() -> Sheet:
    sheet = Sheet()
    sheet.line("Ledger Proofs for Shared Kitchens", 80, 16, bold=True)
    sheet.line("Amelia Park and Kofi Mensah", 110, 11)
    sheet.line("doi: 10.5555/ledger.2023.17", 130, 8)
    sheet.text("Abstract: " + FILLER, 72, 160, 460, 10)
    sheet.text(FILLER * 3, 72, 260, 460, 10)
    sheet.line("References", 480, 12, x=72, bold=True)
    sheet.text(
        "[1] K. Other and P. Wrong. Kitchens at scale. Journal of Kitchens, 4(2):1-9, 2001. https://doi.org/10.5555/other.2001.4",
        72,
        500,
        460,
        9,
    )
    sheet.text("[2] S. Else. Shared ledgers. arXiv:1901.00001 [cs.DC], 2019.", 72, 530, 460, 9)
    return sheet


@front(
    Expected(
        "Méthodes spectrales pour l’analyse de graphes dynamiques", ("Camille Rousseau",), 2017, language="fr", abstract=False
    )
)
def french_thesis() -> Sheet:
    sheet = Sheet(A4)
    sheet.line("UNIVERSITÉ DE LORRAINE", 80, 14)
    sheet.line("École doctorale IAEM", 105, 12)
    sheet.line("THÈSE", 170, 20, bold=True)
    sheet.line("présentée pour obtenir le grade de", 200, 12)
    sheet.line("Docteur de l’Université de Lorraine", 220, 12)
    sheet.line("Spécialité : Informatique", 240, 12)
    sheet.line("par", 265, 12)
    sheet.line("Camille Rousseau", 290, 14, bold=True)
    sheet.lines(("Méthodes spectrales pour l’analyse de graphes", "dynamiques"), 350, 20, bold=True)
    sheet.line("Soutenue publiquement le 12 décembre 2017 devant le jury composé de :", 440, 11)
    sheet.lines(
        (
            "Président : M. Paul Bernard, Professeur",
            "Rapporteurs : Mme Anne Leroy, Professeur",
            "M. Jean Petit, Directeur de recherche",
            "Directeur : M. Luc Moreau",
        ),
        470,
        11,
        x=90,
    )
    sheet.next()
    sheet.text(
        "Cette thèse porte sur les méthodes spectrales pour les graphes et leurs applications dans les réseaux. "
        "Les résultats sont présentés dans les chapitres qui suivent avec des exemples. " * 4,
        90,
        100,
        420,
        11,
    )
    return sheet
