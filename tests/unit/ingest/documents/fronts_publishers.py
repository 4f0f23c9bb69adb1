"""Front pages as further publishers have them."""

from tests.unit.ingest.documents.sheets import A4, CHINESE_FILLER, FILLER, LETTER, Expected, Sheet, front


@front(
    Expected(
        "Gut flora of urban pigeons responds to winter feeding",
        ("Marta Kowalska", "Jean-Luc Moreau", "Aisha Bello"),
        2021,
        "10.3389/fmicb.2021.598213",
        venue="Frontiers in Urban Microbes",
    )
)
def frontiers() -> Sheet:
    sheet = Sheet(A4, family="sans")
    sheet.lines(("ORIGINAL RESEARCH", "published: 12 May 2021", "doi: 10.3389/fmicb.2021.598213"), 40, 8, x=420)
    sheet.lines(("Gut flora of urban pigeons", "responds to winter feeding"), 140, 20, x=185, bold=True)
    sheet.line("Marta Kowalska^1*^, Jean-Luc Moreau^2,3^ and Aisha Bello^1^", 205, 11, x=185)
    sheet.lines(
        (
            "^1^ Institute of Ecology, University of Gdansk, Gdansk, Poland, ^2^ Université de Nantes, Nantes,",
            "France, ^3^ CNRS, Nantes, France",
        ),
        225,
        7,
        x=185,
    )
    sheet.text(FILLER * 3, 185, 265, 360, 9)
    sheet.line("Keywords: pigeons, gut flora, winter, feeding, cities", 400, 9, x=185)
    y = sheet.lines(("OPEN ACCESS", "Edited by:", "Peter Novak,", "Charles University, Czechia"), 270, 7, x=40)
    y = sheet.lines(
        ("Reviewed by:", "Laura Bianchi,", "University of Padua, Italy", "Tom Becker,", "ETH Zürich, Switzerland"), y + 8, 7, x=40
    )
    y = sheet.lines(("*Correspondence:", "Marta Kowalska", "m.kowalska@ecology.example"), y + 8, 7, x=40)
    y = sheet.lines(("Received: 23 August 2020", "Accepted: 9 April 2021", "Published: 12 May 2021"), y + 8, 7, x=40)
    sheet.lines(
        (
            "Citation:",
            "Kowalska M, Moreau J-L and Bello A",
            "(2021) Gut flora of urban pigeons",
            "responds to winter feeding.",
            "Front. Urban Microbes 12:598213.",
            "doi: 10.3389/fmicb.2021.598213",
        ),
        y + 8,
        7,
        x=40,
    )
    sheet.line("INTRODUCTION", 430, 11, x=185, bold=True)
    sheet.text(FILLER * 4, 185, 450, 360, 9)
    sheet.line("Frontiers in Urban Microbes | www.frontiers.example", 800, 7, x=40)
    sheet.line("May 2021 | Volume 12 | Article 598213", 800, 7, x=400)
    return sheet


@front(
    Expected(
        "Slow release of nitrogen from coated grains in wet soils",
        ("Emily R. Carter", "Hiroshi Tanaka", "Luis Ortega"),
        2018,
        "10.1002/agj2.20177",
    )
)
def wiley() -> Sheet:
    sheet = Sheet((595, 782), family="sans")
    sheet.line("Received: 14 March 2018", 40, 7, x=50)
    sheet.line("Revised: 2 June 2018", 40, 7, x=180)
    sheet.line("Accepted: 20 June 2018", 40, 7, x=300)
    sheet.line("DOI: 10.1002/agj2.20177", 55, 7, x=50)
    sheet.line("R E S E A R C H  A R T I C L E", 90, 9, x=50)
    sheet.lines(("Slow release of nitrogen from coated grains in", "wet soils"), 125, 19, x=50, bold=True)
    sheet.line("Emily R. Carter^1^  |  Hiroshi Tanaka^2^  |  Luis Ortega^1,3^", 180, 11, x=50, bold=True)
    sheet.lines(
        (
            "^1^Department of Soil Science, University of",
            "Leeds, Leeds, UK",
            "^2^Hokkaido University, Sapporo, Japan",
            "^3^Instituto de Suelos, Córdoba, Argentina",
            "Correspondence",
            "Emily R. Carter, Department of Soil Science,",
            "University of Leeds, Leeds, UK.",
            "Email: carter@soil.example",
            "Funding information",
            "Soil Council, Grant/Award Number: 12345",
        ),
        215,
        7.5,
        x=50,
    )
    sheet.line("Abstract", 215, 10, x=230, bold=True)
    y = sheet.text(FILLER * 3, 230, 230, 315, 9)
    sheet.line("K E Y W O R D S", y + 10, 8, x=230)
    sheet.line("coated grains, nitrogen, wet soils", y + 22, 8, x=230)
    sheet.line("1  |  INTRODUCTION", 430, 10, x=50, bold=True)
    sheet.text(FILLER * 3, 50, 450, 235, 9)
    sheet.text(FILLER * 3, 305, 450, 240, 9)
    sheet.line("Agron Grain J. 2018;110:1–12.", 760, 7, x=50)
    sheet.line("© 2018 Grain Society", 760, 7, x=430)
    return sheet


@front(
    Expected(
        "Listening as labour: call centre work in three cities",
        ("Priya Raman", "Joanna Fields"),
        2016,
        "10.1177/0950017016653421",
    )
)
def sage() -> Sheet:
    sheet = Sheet((432, 648))
    sheet.line("Article", 60, 11, x=40, bold=True)
    sheet.lines(
        (
            "Work, Labour and Voice",
            "2016, Vol. 30(4) 590–607",
            "© The Author(s) 2016",
            "Reprints and permissions:",
            "journals.example/permissions",
            "DOI: 10.1177/0950017016653421",
            "wlv.journals.example",
        ),
        60,
        7,
        x=300,
    )
    sheet.lines(("Listening as labour: call", "centre work in three cities"), 110, 17, x=40, bold=True)
    sheet.line("Priya Raman", 170, 11, x=40, bold=True)
    sheet.line("University of Warwick, UK", 183, 9, x=40)
    sheet.line("Joanna Fields", 205, 11, x=40, bold=True)
    sheet.line("University of Otago, New Zealand", 218, 9, x=40)
    sheet.line("Abstract", 250, 10, x=40, bold=True)
    y = sheet.text(FILLER * 2, 40, 264, 340, 9)
    sheet.line("Keywords", y + 8, 10, x=40, bold=True)
    sheet.line("call centres, cities, labour, listening", y + 20, 9, x=40)
    sheet.line("Introduction", 430, 11, x=40, bold=True)
    sheet.text(FILLER * 2, 40, 446, 340, 10)
    sheet.lines(
        ("Corresponding author:", "Priya Raman, University of Warwick, Coventry, UK.", "Email: raman@labour.example"),
        590,
        8,
        x=40,
    )
    return sheet


@front(
    Expected(
        "Fast alignment of long reads with sparse anchors",
        ("Tomasz Wrona", "Grace Liu", "Michael O’Brien"),
        2020,
        "10.1093/bioinformatics/btz999",
        venue="Bioinformatics",
    )
)
def oxford() -> Sheet:
    sheet = Sheet(LETTER, family="sans")
    sheet.lines(
        (
            "Bioinformatics, 36(4), 2020, 1123–1131",
            "doi: 10.1093/bioinformatics/btz999",
            "Advance Access Publication Date: 2 January 2020",
            "Original Paper",
        ),
        40,
        7,
        x=380,
    )
    sheet.line("Sequence analysis", 110, 11, x=50)
    sheet.lines(("Fast alignment of long reads with sparse", "anchors"), 135, 18, x=50, bold=True)
    sheet.line("Tomasz Wrona^1,∗^, Grace Liu^2^ and Michael O’Brien^1,3^", 190, 12, x=50, bold=True)
    sheet.lines(
        (
            "^1^Department of Genomics, University of Wroclaw, Wroclaw, Poland, ^2^Broad Lab, Boston, MA, USA and",
            "^3^Trinity College, Dublin, Ireland",
        ),
        210,
        8,
        x=50,
    )
    sheet.line("∗To whom correspondence should be addressed.", 236, 8, x=50)
    sheet.line("Associate Editor: John Smith", 248, 8, x=50)
    sheet.line("Received on June 3, 2019; revised on November 4, 2019; accepted on December 20, 2019", 260, 8, x=50)
    sheet.line("Abstract", 285, 10, x=50, bold=True)
    y = sheet.text(FILLER * 2, 50, 300, 500, 8.5)
    y = sheet.text("Contact: wrona@genomics.example", 50, y, 500, 8.5)
    sheet.line("1 Introduction", 430, 10, x=50, bold=True)
    sheet.text(FILLER * 3, 50, 445, 240, 9)
    sheet.text(FILLER * 3, 310, 445, 240, 9)
    sheet.line("© The Author(s) 2020. Published by Oxford Example Press. All rights reserved.", 760, 7, x=50)
    return sheet


@front(
    Expected(
        "A survey of sound change in island dialects",
        ("Beatriz Lopes", "Owen Hughes"),
        2015,
        "10.1080/0046760X.2015.1099999".lower(),
    )
)
def taylor_francis() -> Sheet:
    sheet = Sheet(A4, family="sans")
    sheet.line("Island Linguistics", 60, 20, x=60, bold=True)
    sheet.line("ISSN: 0046-760X (Print) 1464-5130 (Online) Journal homepage: http://www.tandf.example/loi/tisl20", 85, 7, x=60)
    sheet.lines(("A survey of sound change in island dialects",), 200, 20, x=60, bold=True)
    sheet.line("Beatriz Lopes & Owen Hughes", 250, 12, x=60)
    sheet.lines(
        (
            "To cite this article: Beatriz Lopes & Owen Hughes (2015) A survey of sound change in island",
            "dialects, Island Linguistics, 44:6, 701-722, DOI: 10.1080/0046760X.2015.1099999",
            "To link to this article: https://doi.org/10.1080/0046760X.2015.1099999",
        ),
        290,
        9,
        x=60,
    )
    sheet.lines(
        ("Published online: 21 Oct 2015.", "Submit your article to this journal", "Article views: 311", "View related articles"),
        350,
        9,
        x=60,
    )
    sheet.line("Full Terms & Conditions of access and use can be found at http://www.tandf.example/action/terms", 800, 7, x=60)
    sheet.next()
    sheet.line("Island Linguistics, 2015", 40, 8, x=60)
    sheet.line("Vol. 44, No. 6, 701–722, http://dx.doi.org/10.1080/0046760X.2015.1099999", 50, 8, x=60)
    sheet.line("A survey of sound change in island dialects", 100, 14, bold=True)
    sheet.line("Beatriz Lopes^a^* and Owen Hughes^b^", 130, 11)
    sheet.lines(
        ("^a^Faculty of Letters, University of Porto, Porto, Portugal; ^b^School of Welsh, Bangor University, Bangor, UK",),
        148,
        8,
    )
    sheet.line("ABSTRACT", 180, 9, x=90, bold=True)
    y = sheet.text(FILLER * 2, 90, 194, 410, 9)
    sheet.line("Keywords: dialects; islands; sound change", y + 8, 9, x=90)
    sheet.line("Introduction", y + 40, 11, x=60, bold=True)
    sheet.text(FILLER * 3, 60, y + 60, 470, 10)
    return sheet


@front(
    Expected(
        "Estimating flood depth from street photographs",
        ("Rafael Costa", "Ines Duarte", "Paul Meyer"),
        2019,
        "10.1155/2019/4521388",
    )
)
def hindawi() -> Sheet:
    sheet = Sheet(A4)
    sheet.lines(
        (
            "Hindawi",
            "Journal of Flood Examples",
            "Volume 2019, Article ID 4521388, 12 pages",
            "https://doi.org/10.1155/2019/4521388",
        ),
        40,
        9,
        x=45,
    )
    sheet.line("Research Article", 130, 12, x=45, bold=True)
    sheet.line("Estimating flood depth from street photographs", 155, 17, x=45, bold=True)
    sheet.line("Rafael Costa ,^1^ Ines Duarte ,^2^ and Paul Meyer ^1,3^", 200, 11, x=45, bold=True)
    sheet.lines(
        (
            "^1^Instituto Superior Técnico, Lisbon, Portugal",
            "^2^Department of Civil Engineering, University of Aveiro, Aveiro 3810-193, Portugal",
            "^3^Water Institute, Bern, Switzerland",
        ),
        220,
        8,
        x=45,
    )
    sheet.line("Correspondence should be addressed to Rafael Costa; costa@flood.example", 265, 8, x=45)
    sheet.line("Received 5 November 2018; Accepted 17 February 2019; Published 4 April 2019", 285, 8, x=45)
    sheet.line("Academic Editor: Maria Rossi", 300, 8, x=45)
    sheet.text(
        "Copyright © 2019 Rafael Costa et al. This is an open access article distributed under the Creative Commons Attribution "
        "License, which permits unrestricted use, distribution, and reproduction in any medium.",
        45,
        318,
        500,
        8,
    )
    sheet.text(FILLER * 3, 45, 365, 500, 9)
    sheet.line("1. Introduction", 500, 11, x=45, bold=True)
    sheet.text(FILLER * 3, 45, 520, 240, 10)
    sheet.text(FILLER * 3, 305, 520, 240, 10)
    return sheet


@front(
    Expected(
        "基于注意力机制的河流水位预测方法",
        ("刘思远", "陈晓", "欧阳明"),
        2021,
        abstract=True,
        language="zh",
        venue="计算机应用研究",
    )
)
def chinese_conference() -> Sheet:
    sheet = Sheet(A4)
    sheet.line("第 38 卷第 5 期", 40, 9, x=60)
    sheet.line("计算机应用研究", 40, 9)
    sheet.line("2021 年 5 月", 40, 9, x=480)
    sheet.line("基于注意力机制的河流水位预测方法", 100, 18)
    sheet.line("刘思远^1^，陈  晓^2^，欧阳明^1,2^", 135, 12)
    sheet.lines(("（1. 河海大学 计算机学院，南京 210098；2. 长江水利研究院，武汉 430010）",), 155, 9)
    sheet.text("摘  要：" + CHINESE_FILLER * 2, 70, 185, 450, 9)
    sheet.line("关键词：水位预测；注意力机制；时间序列", 260, 9, x=70)
    sheet.line("中图分类号：TP391    文献标志码：A", 275, 9, x=70)
    sheet.line("0  引言", 310, 12, x=60)
    sheet.text(CHINESE_FILLER * 6, 60, 330, 225, 10)
    sheet.text(CHINESE_FILLER * 6, 305, 310, 225, 10)
    sheet.line("收稿日期：2020-06-12；修回日期：2020-08-03", 780, 8, x=60)
    return sheet
