#include "app/seed/texts.h"

#include <array>
#include <string_view>

namespace hongyan::app {
namespace {

using Words = std::span<const std::string_view>;

// What sentences of one language are made of.
struct Lexicon {
  Words short_replies;
  Words when;
  Words who;
  Words does;
  Words what;
  Words ends;
  std::string_view space;
};

constexpr auto kZhShort = std::to_array<std::string_view>(
    {"好的",   "收到",   "嗯",     "嗯嗯",   "哈哈",     "哈哈哈哈", "可以",   "没问题", "稍等", "在吗",
     "谢谢",   "不客气", "辛苦了", "早",     "晚安",     "真的吗？", "好棒！", "我看看", "马上", "到了",
     "知道了", "明白",   "行",     "太好了", "怎么了？", "对的",     "不用了", "随你",   "走吧", "OK"});
constexpr auto kZhWhen = std::to_array<std::string_view>({"", "", "今天", "明天", "昨天晚上", "下午三点", "周末",
                                                          "刚才", "这个月", "吃完饭", "下班以后", "月底之前", "春节"});
constexpr auto kZhWho = std::to_array<std::string_view>(
    {"我", "我们", "他", "小王", "老师", "妈妈", "你们", "大家", "客户", "隔壁同事", "孩子", "张姐", "我朋友"});
constexpr auto kZhDoes =
    std::to_array<std::string_view>({"要去", "看了", "买了", "忘了", "在准备", "收到了", "想问一下", "终于做完了",
                                     "改了一下", "没找到", "很喜欢", "正在等", "已经发了", "打算参加", "想起来"});
constexpr auto kZhWhat = std::to_array<std::string_view>(
    {"那份文件", "会议纪要", "电影票", "新的方案", "孩子的作业", "附近那家面馆", "下周的安排", "快递", "体检报告",
     "旅行照片", "一本小说", "合同第二版", "健身课", "火车票", "生日蛋糕", "数据库的备份", "测试环境", "那只猫"});
constexpr auto kZhEnds =
    std::to_array<std::string_view>({"。", "。", "，", "吧。", "呢？", "！", "啊", "，你觉得呢？", "～", "……"});
constexpr auto kZhFamily = std::to_array<std::string_view>(
    {"王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林"});
constexpr auto kZhGiven =
    std::to_array<std::string_view>({"伟", "芳", "娜", "敏", "静",   "磊",   "洋",   "艳",   "勇",   "杰",
                                     "娟", "涛", "明", "霞", "子涵", "雨桐", "浩然", "思远", "欣怡", "梓轩"});
constexpr auto kZhPlace =
    std::to_array<std::string_view>({"三年二班", "滨江小区", "产品部", "周末爬山", "老同学", "一家人", "读书会",
                                     "羽毛球", "项目上线", "广场舞", "摄影爱好者", "租房互助"});
constexpr auto kZhKind = std::to_array<std::string_view>({"群", "交流群", "通知群", "大家庭", "小分队"});

constexpr auto kEnShort = std::to_array<std::string_view>(
    {"ok",    "sure",   "thanks!", "lol", "on my way",  "got it",   "sounds good", "yes",
     "no",    "maybe",  "haha",    "wow", "good night", "morning!", "see you",     "one sec",
     "what?", "agreed", "done",    "+1",  "no worries", "really?",  "brb",         "congrats!"});
constexpr auto kEnWhen =
    std::to_array<std::string_view>({"", "", "today", "tomorrow", "last night", "at three", "this weekend", "just now",
                                     "after lunch", "next week", "before the meeting", "by Friday"});
constexpr auto kEnWho =
    std::to_array<std::string_view>({"I", "we", "they", "my sister", "the teacher", "everyone", "our client",
                                     "the neighbours", "Tom", "my boss", "the kids", "somebody"});
constexpr auto kEnDoes = std::to_array<std::string_view>(
    {"finished", "forgot about", "looked at", "bought", "will bring", "could not find", "really liked", "sent",
     "wanted to ask about", "fixed", "booked", "should talk about", "moved"});
constexpr auto kEnWhat = std::to_array<std::string_view>(
    {"the tickets", "that report", "the new plan", "dinner", "the photos from the trip", "the second draft",
     "a birthday cake", "the release", "the train on platform four", "our schedule", "the invoice", "the test server",
     "a book about geese", "the keys", "the cat"});
constexpr auto kEnEnds =
    std::to_array<std::string_view>({".", ".", ",", "!", "?", " :)", ", what do you think?", "..."});
constexpr auto kEnFirst =
    std::to_array<std::string_view>({"Alice", "Ben", "Chloe", "Daniel", "Emma", "Felix", "Grace", "Henry", "Ivy",
                                     "Jack", "Karen", "Leo", "Mia", "Noah", "Olivia", "Paul"});
constexpr auto kEnLast = std::to_array<std::string_view>(
    {"Baker", "Carter", "Evans", "Fisher", "Green", "Hall", "Jones", "King", "Lee", "Morgan", "Parker", "Reed"});
constexpr auto kEnPlace =
    std::to_array<std::string_view>({"Hiking", "Book Club", "Release", "Family", "Class of 2012", "Badminton",
                                     "Flat 12", "Photography", "Support", "Weekend Trip"});
constexpr auto kEnKind = std::to_array<std::string_view>({"Group", "Friends", "Team", "News", "Circle"});

constexpr auto kReactions = std::to_array<std::string_view>({"👍", "❤️", "😂", "🎉", "😮", "🙏", "👀", "🔥"});

constexpr Lexicon kChinese{kZhShort, kZhWhen, kZhWho, kZhDoes, kZhWhat, kZhEnds, ""};
constexpr Lexicon kEnglish{kEnShort, kEnWhen, kEnWho, kEnDoes, kEnWhat, kEnEnds, " "};

const Lexicon& lexicon_of(Language language) { return language == Language::chinese ? kChinese : kEnglish; }

void append_clause(Random& random, const Lexicon& words, std::string& text) {
  const auto add = [&](std::string_view word) {
    if (word.empty()) return;
    if (!text.empty()) text += words.space;
    text += word;
  };
  add(random.pick(words.when));
  add(random.pick(words.who));
  add(random.pick(words.does));
  add(random.pick(words.what));
  text += random.pick(words.ends);
}

// How many clauses a message has; 0 is a short reply.
std::size_t drawn_length(Random& random) {
  const double point = random.unit();
  if (point < 0.35) return 0;
  if (point < 0.80) return 1;
  if (point < 0.97) return random.between(2, 4);
  return random.between(5, 16);
}

}  // namespace

std::string made_nickname(Random& random, Language language) {
  const bool chinese = language == Language::chinese;
  std::string name(random.pick(chinese ? Words(kZhFamily) : Words(kEnFirst)));
  if (!chinese) name += ' ';
  name += random.pick(chinese ? Words(kZhGiven) : Words(kEnLast));
  return name;
}

std::string made_group_name(Random& random, Language language) {
  const bool chinese = language == Language::chinese;
  std::string name(random.pick(chinese ? Words(kZhPlace) : Words(kEnPlace)));
  if (!chinese) name += ' ';
  name += random.pick(chinese ? Words(kZhKind) : Words(kEnKind));
  return name;
}

std::string made_text(Random& random, Language language) {
  const Lexicon& words = lexicon_of(language);
  const std::size_t clauses = drawn_length(random);
  if (clauses == 0) return std::string(random.pick(words.short_replies));
  std::string text;
  for (std::size_t i = 0; i < clauses; ++i) append_clause(random, words, text);
  return text;
}

std::string made_reaction(Random& random) { return std::string(random.pick(Words(kReactions))); }

}  // namespace hongyan::app
