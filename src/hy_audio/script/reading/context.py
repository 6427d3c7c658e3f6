"""Rules for what no word decides: what stands around a character tells how it is read.

The group `it` of a pattern is the character it reads. Rules that come first win.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hy_audio.characters import HAN


@dataclass(frozen=True, slots=True)
class Rule:
    """One named rule."""

    name: str
    """What it is about."""
    character: str
    """The character it reads."""
    syllable: str
    """How it is read."""
    pattern: re.Pattern[str]
    """Where; the group `it` is the character."""


def _rule(name: str, reading: str, pattern: str) -> Rule:
    character, syllable = reading.split()
    return Rule(name, character, syllable, re.compile(pattern.replace("H", f"[{HAN}]")))


_START = r"(?:^|(?<=[，。；：！？、“”‘’（）《》 ]))"
_PEOPLE = (
    "记者|作者|通讯员|书记|支书|护士长|班长|船长|机长|市长|县长|区长|镇长|乡长|村长|省长|州长|局长|处长|科长|厅长|部长|院长|校长|园长|馆长"
    "|站长|所长|队长|组长|主任|主席|主编|会长|社长|厂长|总经理|经理|董事长|总裁|教授|院士|博士|医生|医师|护士"
    "|老师|教师|教练|同志|先生|女士|导演|演员|作家|诗人|画家|书法家|歌手|学者|专家|研究员|工程师|律师|警官"
    "|民警|村民|居民|市民|党员|委员|代表|队员|选手|运动员|司机|老板|负责人|工作人员|患者|学生|女儿|儿子|妻子|丈夫"
    "|父亲|母亲|爷爷|奶奶|名叫|叫作|叫做|人叫|名字叫|小伙|姑娘|老人|老汉|农民|工人|战士|英雄|烈士|将军|司令员|政委"
)
_SAYS = (
    "说|介绍|表示|告诉|坦言|认为|透露|指出|强调|回忆|感慨|笑|直言|解释|补充|高兴|激动|自豪|率|带领"
)


def _surname(reading: str, not_before: str) -> tuple[Rule, Rule]:
    """A surname: after a word for a person, or at the start of a clause whose subject it is."""
    character = reading[0]
    given = rf"(?!{not_before})"
    return (
        _rule("surname after a title", reading, rf"(?:{_PEOPLE})(?P<it>{character}){given}(?=H)"),
        _rule(
            "surname of who speaks",
            reading,
            rf"{_START}(?P<it>{character}){given}(?=HH?(?:{_SAYS}))",
        ),
    )


_FOR = "(?<![成作称视认列定设评改命以分化变转更较最极颇尤行实名并沦选任聘立升降身因无有人均皆即主])"

RULES = (
    *_surname("任 ren2", "[职命期务何教免意凭由一上在了]|县|市|村|副|主任|党|总"),
    *_surname("曾 zeng1", "[经任在是有被获为与说因对多以先担参荣于到把向从当做写用来去]|一度|几"),
    *_surname("单 shan4", "[位一独个人独纯方元调打双项科程靠凭日月价号词]|是"),
    *_surname("解 xie4", "[决放释说除答读析救散开困难决封码聘]"),
    *_surname("仇 qiu2", "[恨人视敌富家杀怨]"),
    *_surname("朴 piao2", "[素实质]"),
    *_surname("查 zha1", "[看出找询明获处封办阅验清实问案账分体收扣究]"),
    *_surname("盖 ge3", "[了上好章房楼起住被新过的]"),
    *_surname("区 ou1", "[委政长里内域别分人级法检公纪组工属市]"),
    *_surname("覃 qin2", "[思]"),
    *_surname("尉 wei4", "迟"),
    *_surname("燕 yan1", "[子窝麦尾]"),
    *_surname("华 hua4", "[人夏侨中东南北为丽商文语]"),
    *_surname("肖 xiao1", "[像]"),
    *_surname("宁 ning4", "[愿可肯静夏波]"),
    _rule(
        "Ren who speaks, after what is said of him",
        "任 ren2",
        rf"(?<=[的和与])(?P<it>任)(?![职命期务何教免意凭由主党总])(?=HH?(?:{_SAYS}))",
    ),
    _rule(
        "heavy tasks",
        "重 zhong4",
        r"(?<=任务|责任|担子|压力|负担|作业|损失)(?P<it>重)(?=[，。；！？、”时的]|$)",
    ),
    _rule(
        "to win",
        "得 de2",
        r"(?<=[就都也又只可你我他她们])(?P<it>得)(?=第[一二三四五六七八九十几]|[冠亚季]军|[金银铜]牌|奖"
        r"|满分|高分|[零一两二三四五六七八九十百几]+(?:点[一二三四五六七八九]+)?[分票枚块])",
    ),
    _rule("Zeng by family", "曾 zeng1", r"(?:姓|小|老)(?P<it>曾)(?=[，。、的 ]|$)"),
    _rule("Ren by family", "任 ren2", r"姓(?P<it>任)"),
    _rule("Shan by family", "单 shan4", r"姓(?P<it>单)"),
    _rule("Qiu by family", "仇 qiu2", r"姓(?P<it>仇)"),
    _rule("Xie by family", "解 xie4", r"姓(?P<it>解)"),
    _rule("Piao by family", "朴 piao2", r"姓(?P<it>朴)"),
    _rule("Zha by family", "查 zha1", r"姓(?P<it>查)"),
    _rule("Ge by family", "盖 ge3", r"姓(?P<it>盖)"),
    _rule("Ou by family", "区 ou1", r"姓(?P<it>区)"),
    _rule(
        "on behalf of, to give or do",
        "为 wei4",
        rf"{_FOR}(?P<it>为)(?=[^，。；！？]{{1,18}}?(?:提供|服务|奠定|注入|增添|增光|带来|创造|贡献|保驾|撑腰|解忧"
        r"|排忧|解难|办实事|谋福|谋利|点赞|加油|鼓劲|出力|献策|献计|送去|送上|送来|助力|着想|把脉|发声|代言|打下|打好|打牢|打基础|夯实"
        r"|作出|做出|开辟|插上|搭建|搭起|铺就|铺平|造福|护航|赋能|增色|添彩|喝彩|正名|祈福|庆生|画像|把关|兜底|松绑"
        r"|减负|输血|供血|积累|拓展|腾出|开出|颁奖|授牌|揭牌|揭幕|剪彩|致辞))",
    ),
    _rule("for … to", "为 wei4", rf"{_FOR}(?P<it>为)(?=[^，。；！？]{{1,12}}而(?!且|言|今|后|来))"),
    _rule("for whom", "为 wei4", rf"{_FOR}(?P<it>为)(?=[谁何此啥])"),
    _rule("adverb of 性", "地 de5", r"(?<=[^，。、]性)(?P<it>地)(?![方位区域理处带段块点])(?=H)"),
    _rule(
        "adverb of 然", "地 de5", r"[突忽猛悄断欣毅竟决显油坦淡]然(?P<it>地)(?![方位区域理])(?=H)"
    ),
    _rule(
        "adverb of a doubled word",
        "地 de5",
        r"(?P<twice>H)(?P=twice)(?P<it>地)(?![方位区域理处带段块点])(?=H)",
    ),
    _rule("must", "得 dei3", r"(?<=[总非还必])(?P<it>得)(?=[要靠有把让给从看去来做用])"),
    _rule("Stone Drum", "石 shi2", r"(?P<it>石)鼓"),
    _rule(
        "trip of a name", "行 xing2", r"(?:非常|中国|湖南|衡阳|三湘|万里|之)(?P<it>行)(?=[”》」])"
    ),
    _rule(
        "length with a number",
        "长 chang2",
        r"(?P<it>长)(?=[约达近]?[零一二两三四五六七八九十百千万点]+(?:多|余)?(?:公里|千米|米|厘米|毫米|里|丈|尺|寸|年|天|小时))",
    ),
    _rule(
        "number of threads",
        "重 chong2",
        r"(?<=[一二两三四五六七八九十百千万双多几])(?P<it>重)(?=[门山关保压奏天唱意考标身困])",
    ),
    _rule(
        "count word for animals and boats",
        "只 zhi1",
        r"(?<=[一二两三四五六七八九十百千万几每这那数多余第半整各上])(?P<it>只)(?=H)(?![有是要能不好见得顾管为怕会想过说求剩需可在限用对知收])",
    ),
    _rule(
        "so many Han",
        "行 hang2",
        r"(?<=[一二两三四五六七八九十几每])(?P<it>行)(?=[字热眼泪大脚白诗树])",
    ),
    _rule("to hit", "中 zhong4", r"(?<=[射击打命投猜选抽])(?P<it>中)(?=了|目标|靶|敌)"),
    _rule(
        "some sowing",
        "种 zhong4",
        r"(?<=[帮耕播抢改试想愿会能来去可敢])(?P<it>种)(?=[了上下植好出]|[水旱早晚]?稻|油菜|玉米|小麦|蔬菜|果树|茶|烟|棉)",
    ),
    _rule(
        "counting things", "数 shu3", r"(?<=[地来去在可会细])(?P<it>数)(?=[起了鱼羊鸟星钱一]|着)"
    ),
)
"""These come before the words of the dictionary, in the order in which they are asked."""

OPEN_RULES = (
    _rule(
        "how well it is done", "得 de5", r"(?<=H)(?P<it>得)(?=[很好快慢多少更不太越非十特真比这那])"
    ),
    _rule("how much it hurts", "得 de5", r"(?<=[闹慌疼痛羞])(?P<it>得)(?=H)"),
    _rule(
        "must do",
        "得 dei3",
        r"(?<=[就都也又只可你我他她们])(?P<it>得)(?=H)",
    ),
    _rule(
        "must, where a clause begins",
        "得 dei3",
        rf"{_START}(?P<it>得)(?=[去先等赶抓把靠让给从找想看做干加花用听问再按由经]|有[人个所点]|自己|好好|尽[快早力]|马上|重新|提前|多[听看问跑走想做练学])",
    ),
    _rule(
        "must, after what must be done",
        "得 dei3",
        r"(?<=H)(?P<it>得)(?=抓紧|赶[紧快]|尽快|马上|先[^进后]|靠(?![前后近拢边])|[去等找](?!不)|花[钱时一两三几])",
    ),
)
"""These read only what no word decides."""


def decide(text: str, rules: Sequence[Rule]) -> dict[int, str]:
    """What the context decides.

    Returns:
        The syllable for each place in the text that a rule reads.
    """
    found: dict[int, str] = {}
    for rule in rules:
        if rule.character in text:
            for match in rule.pattern.finditer(text):
                found.setdefault(match.start("it"), rule.syllable)
    return found
