"""Customers, people and what is said about them, all invented."""

from dataclasses import dataclass

INDUSTRIES = ("manufacturing", "fmcg", "software", "medical", "logistics", "retail", "energy")
SHARES = (14, 10, 8, 14, 7, 6, 5)  # of 64
SOURCES = ("web", "referral", "trade fair", "partner", "cold call", "webinar", "web", "referral")
PREFERENCES = {
    "en": ("", "", "buys by the quarter", "framework contract, price list once a year", "tender from 50,000 on", ""),
    "zh": ("", "", "按季度采购", "年度框架协议", "50 万以上走招标", ""),
}


@dataclass(frozen=True, slots=True)
class Culture:
    """How companies and people are called somewhere. `tails`: what a company does, two for each of `INDUSTRIES`."""

    language: str
    heads: tuple[str, ...]
    towns: tuple[str, ...]
    tails: tuple[tuple[str, str], ...]
    family: tuple[str, ...]
    given: tuple[str, ...]

    def company(self, n: int, industry: int) -> str:
        """The n-th of an industry; no two are called the same."""
        heads, towns, tails = self.heads, self.towns, self.tails[industry]
        head, n = heads[n % len(heads)], n // len(heads)
        town, n = towns[n % len(towns)], n // len(towns)
        tail, n = tails[n % 2], n // 2
        name = f"{town}{head}{tail}" if self.language == "zh" else f"{head} {tail} {town}"
        return f"{name} {n + 1}" if n else name

    def person(self, n: int) -> str:
        family, given = self.family[n % len(self.family)], self.given[n // 7 % len(self.given)]
        return f"{family}{given}" if self.language == "zh" else f"{given} {family}"


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _tails(text: str) -> tuple[tuple[str, str], ...]:
    pairs = [pair.split("/") for pair in text.split(", ")]
    return tuple((one, other) for one, other in pairs)


_ENGLISH = (
    "Components/Tooling, Foods/Beverages, Software/Data, Clinics/Diagnostics, "
    "Freight/Logistics, Stores/Outfitters, Power/Solar"
)
_CHINA = Culture(
    "zh",
    _words("宏泰 启明 润和 东岳 澄江 恒川 瑞安 青禾 云帆 金川 明德 天衡 嘉禾 海纳 景云 博远"),
    _words("苏州 杭州 无锡 成都 青岛 厦门 武汉 宁波 长沙 佛山 合肥 东莞"),
    _tails("精密/机械, 食品/日化, 软件/数据, 医疗/诊断, 物流/供应链, 百货/连锁, 能源/光伏"),
    _words("陈 林 黄 吴 徐 何 郭 罗 梁 宋 唐 韩"),
    _words("建国 晓雯 志强 丽娜 海涛 文静 俊杰 雨桐 国华 思远 慧敏"),
)
_GERMANY = Culture(
    "en",
    _words(
        "Lindner Nordhafen Falkenberg Brückner Talmann Winterfeld Morgenroth Hagenau Ostwald Seeberg Rietmüller Aydın"
    ),
    _words("Bremen Kassel Ulm Graz Jena Basel Rostock Linz Münster Chemnitz"),
    _tails(
        "Maschinenbau/Präzision, Lebensmittel/Brauerei, Software/Daten, Kliniken/Diagnostik, "
        "Spedition/Logistik, Kaufhaus/Märkte, Energie/Solar"
    ),
    _words("Vogel Krause Yılmaz Brandt Kowalski Seidel Horvat Maurer Engel Öztürk"),
    _words("Katrin Jonas Elif Martin Sabine Piotr Heike Tobias Leyla"),
)
_INDIA = Culture(
    "en",
    _words("Konkan Malwa Narmada Vaigai Chenab Tungabhadra Nilgiri Aravalli Godavari Periyar Kaveri Satpura"),
    _words("Pune Kochi Indore Surat Mysuru Nagpur Jaipur Coimbatore Vadodara Lucknow"),
    _tails(
        "Engineering/Castings, Foods/Spices, Softtech/Analytics, Hospitals/Pharma, "
        "Carriers/Logistics, Bazaars/Retail, Power/Solar"
    ),
    _words("Iyer Kulkarni Banerjee Reddy Khanna Pillai Desai Singh Menon Fernandes"),
    _words("Asha Vikram Meera Rohan Lakshmi Imran Kavita Sanjay Divya"),
)
_NIGERIA = Culture(
    "en",
    _words("Adeyemi Okafor Zuma Calabar Ibom Eko Oyo Savanna Benue Kainji Obudu"),
    _words("Lagos Kano Ibadan Enugu Jos Abuja Benin Uyo Ilorin"),
    _tails(_ENGLISH),
    _words("Okonkwo Balogun Bello Eze Adebayo Danjuma Nwosu Lawal"),
    _words("Ngozi Tunde Aisha Chidi Funmi Emeka Halima"),
)
_BRAZIL = Culture(
    "en",
    ("Serra Azul", "Ipê", "Araucária", "Rio Claro", "Jatobá", "Campo Verde", "Itaúna", "Tucano", "Pedra Alta"),
    _words("Recife Curitiba Santos Belém Goiânia Natal Joinville Vitória Campinas"),
    _tails(
        "Metalúrgica/Usinagem, Alimentos/Laticínios, Sistemas/Dados, Clínicas/Diagnósticos, "
        "Cargas/Transportes, Varejo/Mercados, Energia/Solar"
    ),
    _words("Souza Almeida Ribeiro Nakamura Teixeira Moraes Barros"),
    _words("Luiza Thiago Camila Rafael Beatriz Kenji Joana"),
)
_AMERICA = Culture(
    "en",
    ("Cedar Ridge", "Ironwood", "Bluestem", "Pine Harbor", "Great Bend", "Copper Creek", "Maple Fork", "Red Mesa"),
    _words("Albany Dayton Tulsa Boise Macon Fargo Toledo Savannah Duluth Laredo"),
    _tails(_ENGLISH),
    _words("Hernandez Nguyen Walker Johnson Patel O'Brien Kim Washington"),
    _words("Denise Marcus Grace Luis Hannah Jamal Emily Victor"),
)
_ABROAD = (_NIGERIA, _BRAZIL)
_MIXED = (_CHINA, _GERMANY, _INDIA, _AMERICA, *_ABROAD)
_BY_REGION = {
    "East China": (_CHINA,),
    "South China": (_CHINA,),
    "India": (_INDIA,) * 7 + (_NIGERIA,),
    "DACH": (_GERMANY,) * 6 + _ABROAD,
    "US East": (_AMERICA,) * 5 + _ABROAD,
}


def cultures(region: str) -> tuple[Culture, ...]:
    """Those of a region's customers, each as often as it is met."""
    return _BY_REGION.get(region, _MIXED)


TITLES = {
    "en": ("Head of Purchasing", "CFO", "Plant Manager", "Head of IT", "Managing Director", "Operations Lead"),
    "zh": ("采购总监", "财务总监", "厂长", "信息部主任", "总经理", "运营负责人"),
}
STEPS = {
    "en": (
        "send the revised offer",
        "call about the quote",
        "agree a date for the demo",
        "meet their IT lead",
        "send two references",
        "walk through the contract with legal",
        "agree the pilot's goals",
        "price for 200 seats",
    ),
    "zh": (
        "发修改后的报价",
        "电话跟进报价",
        "约演示时间",
        "见他们的信息部负责人",
        "发两个同行案例",
        "跟法务过合同",
        "确认试用目标",
        "报 200 个账号的价格",
    ),
}
NOTES = {
    "en": (
        "asks for a reference in their industry",
        "budget is set for next quarter",
        "a competitor offered 8% less",
        "wants the security answers in writing",
        "the new head of purchasing takes over",
        "pilot went well and the plant wants more seats",
        "decision moved to the board",
        "likes the reports",
    ),
    "zh": (
        "想看同行业的案例",
        "预算下个季度才批",
        "竞品报价低 8%",
        "要书面的安全说明",
        "采购负责人换人了",
        "试用效果不错，想加账号",
        "要上会决定",
        "对报表很满意",
    ),
}
CONTACTED = (
    *(("call", "out"),) * 20,
    *(("email", "out"),) * 16,
    *(("email", "in"),) * 9,
    *(("im", "out"),) * 6,
    *(("im", "in"),) * 4,
    *(("visit", "out"),) * 3,
    *(("meeting", "out"),) * 3,
    ("call", "in"),
    ("demo", "out"),
    ("quote", "out"),
)
