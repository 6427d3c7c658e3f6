"""The vocabulary of a page's rules: people, papers, jobs and pictures, as regular expressions."""

# Python compiles a class of characters beyond Latin-1 a thousand times slower than one without.
H = r"[^\W\da-zA-Z_]"
"""A Han character: any letter that is not ASCII."""
SP = " "
"""A space, as `Line.plain` has it: full-width ones and tabs are folded."""
CHINESE_NUMBER = "[一二三四五六七八九十]{1,3}"
"""A number as parts and points are counted."""
DAY = r"(?:\d{4}年)?\d{1,2}月\d{1,2}日"
"""A date in figures."""
MARK = "[\u2190-\u21ff\u2580-\u2bff]"
"""An ornament that begins a line."""
LABEL = f"{SP}*[：:/／｜|]{SP}*"
"""What stands between a label and what it labels."""
LABEL_OR_SPACE = f"(?:{LABEL}|{SP}+)"
"""The same, or no more than a space."""
PAGE = (
    f"(?:第?{SP}*(?:[A-Za-z]?\\d+|[一二三四五六七八九十]+)"
    f"(?:{SP}*[、，,-]{SP}*[A-Za-z]?\\d+)*{SP}*版|[A-Z]\\d{{1,2}})"
)
"""A page of this paper: 第3版, A3, 2、3版."""

# People: two or three characters (王　明 is set with a space), a compound surname, or dots.
COMPOUND_SURNAMES = (
    "欧阳|司马|上官|诸葛|司徒|夏侯|皇甫|尉迟|公孙|慕容|令狐|长孙|宇文|端木|呼延|南宫"
)
"""Surnames of two characters."""
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛"
    "叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔"
    "贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁"
    "时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍覃霍翁隋甘景薄单包司柏宁柯阮桂闵解强柴华车"
    "冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧宫来苟褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭"
    "窦迟宇敖糜鄢冷卓花仇艾蓝都巩井练仲乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠桑荆谌银扬明沙伏岑习胥蔺肖"
    "闫付"
)
"""Surnames of one character."""
NAME = (
    "(?:(?!记者|通讯员|评论员|实习生|撰稿人|作者|摄影|编辑|校对)"
    f"(?:(?:{COMPOUND_SURNAMES}){H}{{1,2}}|{H}[ ]?{H}{H}?"
    f"|(?<= )(?![走告带来深对专采探访体直看问说报为在与和向从把让给]){H}{{4}}(?=[ ）)]|$)"
    f"|{H}+(?:·{H}+)+))"
)
"""What may be a person's name, where something else says that a name stands there."""
NAMES = f"{NAME}(?:{SP}*[、,，/]{SP}*{NAME}|{SP}+{NAME})*"
"""One name or more."""
SURE_NAME = f"(?:(?:{COMPOUND_SURNAMES}){H}{{1,2}}|[{SURNAMES}][ ]{{0,2}}{H}{{1,2}})"
"""A name that begins with a surname."""
SURE_NAMES = f"{SURE_NAME}(?:(?:{SP}*[、,，]{SP}*|{SP}+){NAME}){{0,3}}"
"""One to four of them."""
_NO_NAME = (
    "(?!调查|观察|手记|走|探访|采访|体验|专访|连线|报道|获悉|了解|来信|视点|札记|眼|节|看|问|说|在"
    "|从|日前|昨日|今日|手绘|随|现场|直击|快评|评论|注意)"
)

PAPER = (
    "(?:本[报台刊网社]|新华社|中新社|中新网|新华网|人民网"
    f"|{H}{{2,8}}(?:[日晚晨早时周商快导新文农]报|都市报|青年报|工人报|电视台|电台|新闻网|新闻客户端"
    "|融媒体中心|融媒体?|客户端|发布))"
)
"""A paper, an agency or a station."""
_POST = (
    f"(?:首席|见习|实习|资深|特约|特派|高级|驻站|驻地|驻{H}{{2,4}}|全媒体|融媒体?|摄影|文字|视频|图片|专题"
    "|财经|科普|体育|文化|时政|民生|法治|教育|健康|科技|经济)"
)
JOB = f"{_POST}*(?:记者|通讯员|评论员|撰稿人|实习生|摄影师|(?:审稿|指导|审核)专家)"
"""What a reporter is."""
ROLE = f"{PAPER}?{SP}*{JOB}"
"""A job, at a paper if it says so."""
_WROTE = (
    "(?:文|撰文|图文|文图|文字|采写|撰稿|作者|口述|(?:资料|文字|录音)?整理|编译|执笔|采访整理|讲述|编剧|导演|作词"
    "|作曲|译者|朗诵)"
)
_BOTH = (
    "(?:文[/／、]?图|图[/／、]?文|文并摄|文并图|摄影报道|图文报道|综合报道|整理报道|报道|整理|文)"
)
_DREW = "(?:图|摄|摄影|图片|供图|制图|绘图|视频|插图)"
_BY = f"(?:{ROLE}{SP}*)?{NAMES}"
PEOPLE = (
    f"(?:{PAPER}{SP}*{JOB}{SP}*[：:/／|｜]?{SP}*{_NO_NAME}{NAMES}"
    f"|{JOB}(?:{SP}+|{LABEL}){_NO_NAME}{NAMES})"
    f"(?:[ 、，,；;|｜△▲■□●◆○&＆和]*{ROLE}{SP}*[：:/／|｜]?{SP}*{NAMES}"
    f"|{SP}+(?:摄影|摄|图|摄像|视频|编辑|责编){LABEL_OR_SPACE}{NAMES})*"
    f"(?:{SP}*[/／]?{_BOTH}|{SP}*发自{H}{{2,8}})?"
)
"""Reporters and correspondents in any order, each after the job."""
WRITERS = (
    f"(?:(?:本期|本版)?{_WROTE}(?:{SP}*[/／、]{SP}*{_DREW})?{LABEL}{_BY}(?:{SP}+{_DREW}{LABEL}{_BY})?"
    f"|(?:采访整理|采写|撰文|整理|执笔|文图|图文){SP}+{ROLE}{SP}*{NAMES}"
    f"|(?:文[/／]图|图[/／]文|图文|文图|撰文|作者){SP}+{_NO_NAME}{NAMES}"
    f"|{SURE_NAMES}(?:{SP}+(?:摄影报道|图文报道)|{SP}*[/／]?{SP}*(?:文[/／]图|图[/／]文|文并摄|图文)"
    f"|{SP}*[/／]{SP}*文(?:{SP}+{NAMES}{SP}*[/／]{SP}*(?:图|摄))?))"
)
"""Who wrote: 文/王明 图/李红, 作者：王明, 王明 文/图."""

# Who took a picture.
_TOOK = "(?:摄影|航拍|摄|供图|提供|制图|制表|绘图|作图|漫画|插图|合成)"
_SLASH = f"{SP}*[/／]?{SP}*"
_SHOWN = "(?:摄影|供图|图片|图|漫画|制图|制表|插图|绘图|题图|作图|航拍|视频)"
CREDIT_WORDS = (
    f"(?:{MARK}{SP}*(?:{ROLE}{SP}*)?{NAMES}{_SLASH}{_TOOK}"
    f"|(?:{ROLE}{SP}*{NAMES}[、，,]?{SP}*){{1,4}}[/／]?{SP}*{_TOOK}"
    f"|{NAMES}{SP}*(?:{SP}|[/／]){SP}*{_TOOK}"
    f"|{NAMES}{SP}*[/／]{SP}*图"
    f"|{_SHOWN}{LABEL}(?:{ROLE}{SP}*)?{NAMES}(?![，,])|{_SHOWN}{LABEL}{H}{{2,12}}(?:提供|供图)"
    f"|图片?据{H}{{2,12}}"
    f"|(?:制图|绘图|供图){SP}+(?:{ROLE}{SP}*)?{NAMES}"
    f"|(?:漫画|插图|摄影){SP}+{ROLE}{SP}*{NAMES}"
    f"|(?:本报)?资料(?:图片|照片)|(?!{H}*[由的]){H}{{2,12}}供图"
    f"|(?:图片来源|图源|图片来自|图片提供|供图|供图单位|视频来源){LABEL}[^，。！？]{{2,16}}"
    "|视频截图|网络截图|资料图|航拍图|无人机照片|AI生成)"
)
"""A credit as it stands outside brackets."""
_ARCHIVE = (
    "(?:本报)?资料(?:图片?|照片)|航拍图片?|AI(?:生成|绘制|制作|制图)图?片?|网络图片|网络截图"
    "|视频截图|新华社照片|无人机照片"
    f"|(?:受访者|受访单位|通讯员|{H}{{2,12}})(?:供图|提供)|图片(?:由.{{2,12}}提供|来[源自]：?.{{2,12}})"
)
_AGENCY = f"(?:(?:新华社|中新社)发{SP}*)"
BRACKETED = (
    f"{_AGENCY}?[（(]{SP}*{_AGENCY}?"
    f"(?:{CREDIT_WORDS}|(?:{ROLE}{SP}*)?{NAMES}{_TOOK}|{_ARCHIVE}){SP}*[）)]"
)
"""A credit in brackets."""

# Who made the page, and how to reach it.
_SURE_STAFF = (
    "(?:责任编辑|责编|(?:本版|实习|见习|版式)编辑|美术编辑|美编|版式设计|版式|版面设计|组版|排版|校对|校检|检校|图编|编审|审读|审校"
    "|值班(?:编委|主任|总编辑?|编辑)|本版主编|一读|二读|一审|初审|复审|终审|二审|三审|电脑制作)"
)
_STAFF = (
    "(?:编辑|版面|视觉|审核|监制|总监制|签发|统筹|总策划|策划|文案|数据|剪辑|拍摄|出镜|配音|导播"
    "|海报|执行|执行主编|主编|出品|设计|刊头题字|题字|题图|插画)"
)
STAFF_LABEL = f"(?:{_SURE_STAFF}|{_STAFF}|制图|视频|来源|稿源)(?:{LABEL}|{SP}+)"
"""What somebody behind a page does."""
STAFF = (
    f"(?:{_SURE_STAFF}(?:{LABEL}|{SP}+|(?=[（(])){NAMES}|{_STAFF}(?:{LABEL}{NAMES}|{SP}+{SURE_NAMES})"
    f"|(?:来源|稿源|视频|制图){LABEL}{H}{{2,10}})"
)
"""Somebody behind a page, by name."""
MAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
"""An e-mail address."""
_NUMBER = r"[\d(（+][\d()（）\-—–、,，/转 ]{4,}"
WEB = r"(?:https?://[!-~]+|www\.[!-~]+)"
"""A web address."""
REACHED = f"(?:{_NUMBER}|{MAIL}|{WEB})(?:[（(][^（）()]*[）)])?"
"""A telephone number or an address, with opening hours."""
_CONTACT = (
    "(?:热线|电话|来稿|赐稿|信箱|手机|邮箱|电邮|传真|投稿|微信号?|邮编|邮政编码|[Qq]{2}群?"
    "|[Ee]-?[Mm]ail|网址)"
)
CONTACT = f"(?:{H}{{0,10}}{_CONTACT}{H}{{0,4}}(?:{LABEL}|{SP}+))"
"""What announces one."""

# What a picture of a code asks for.
SCAN = "(?:扫一扫|扫码|扫描|长按|识别|扫)(?:识别)?"
"""What to do with the code."""
CODE = f"(?:{H}{{0,8}}(?:二维码|小程序码|条码))"
"""The code by its name."""
CHANNEL = "(?:微信|微博|抖音|公众号|微信号|视频号|抖音号|小程序|客户端|APP|App)"
"""Where a paper is to be found."""
_ITEM = (
    "(?:视频|直播|详情|更多|精彩|全文|图|专题|报道|回放|音频|新闻|内容|客户端|节目|活动|投票|原文|H5"
    "|海报|资讯|信息|图片|图集|作品|现场|全景|往期|名单|攻略|好礼|VR|集锦|花絮|访谈|实况|榜单|地图)"
)
_GO = (
    "(?:查看|观看|收看|收听|阅读|了解|获取|浏览|欣赏|看|听|读|关注|参与|进入|下载|打开|加入|领取"
    "|查询|更多|精彩)"
)
GO_ON = (
    f"(?:{_GO}{H}{{0,8}}?(?:{_ITEM}{{1,3}}|{CHANNEL}|群|{PAPER}|发布)"
    f"|更多精彩|精彩{H}{{0,6}}|关注我们|关注)"
)
"""What there is to see, hear or follow."""
SHARE = "(?:点赞|转发|在看|收藏|分享|关注|三连|评论)"
"""What an app asks its readers for."""
INVITE = "[看听读测查领玩学赏]"
"""A verb that asks to come and see."""
