#include "domain/integration/payload/slack.h"

#include "domain/integration/payload/markup.h"

namespace hongyan::integration::payload {
namespace {

// A text object {type: mrkdwn|plain_text, text}, or a string.
std::string text_object_at(const object& from, std::string_view key) {
  const auto text = object_at(from, key);
  if (!text) return plain(text_at(from, key));
  const std::string said = text_at(*text, "text");
  return text_at(*text, "type") == "plain_text" ? decoded(said) : plain(said);
}

// A button that leads somewhere; others can do nothing here.
std::string button_text(const object& button) {
  const std::string url = text_at(button, "url");
  return url.empty() ? std::string() : link(text_object_at(button, "text"), url);
}

// One piece of a line of rich text.
std::string rich_piece(const object& piece) {
  const std::string type = text_at(piece, "type");
  if (type == "link") return link(text_at(piece, "text"), text_at(piece, "url"));
  if (type == "emoji") return ":" + text_at(piece, "name") + ":";
  if (type == "user") return "@" + text_at(piece, "user_id");
  if (type == "usergroup") return "@" + text_at(piece, "usergroup_id");
  if (type == "channel") return "#" + text_at(piece, "channel_id");
  if (type == "broadcast") return "@" + text_at(piece, "range");
  return text_at(piece, "text");
}

std::string rich_line(const object& line) {
  std::string text;
  each_at(line, "elements", [&](const object& piece) { text += rich_piece(piece); });
  return text;
}

// Sections, quotes and preformatted text are lines; a list has lines.
std::string rich_text(const object& block) {
  Lines lines;
  each_at(block, "elements", [&](const object& part) {
    if (text_at(part, "type") != "rich_text_list") return lines.add(rich_line(part));
    each_at(part, "elements", [&](const object& item) { lines.add("• " + rich_line(item)); });
  });
  return std::move(lines).text();
}

std::string section(const object& block) {
  Lines lines;
  lines.add(text_object_at(block, "text"));
  each_at(block, "fields", [&](const object& field) {
    const std::string said = text_at(field, "text");
    lines.add(text_at(field, "type") == "plain_text" ? decoded(said) : plain(said));
  });
  if (const auto accessory = object_at(block, "accessory")) lines.add(button_text(*accessory));
  return std::move(lines).text();
}

// What stands beside each other in one line.
std::string context(const object& block) {
  std::string text;
  each_at(block, "elements", [&](const object& one) {
    const std::string said = text_at(one, "type") == "image" ? text_at(one, "alt_text") : plain(text_at(one, "text"));
    if (!text.empty() && !said.empty()) text += ' ';
    text += said;
  });
  return text;
}

std::string actions(const object& block) {
  Lines lines;
  each_at(block, "elements", [&](const object& one) { lines.add(button_text(one)); });
  return std::move(lines).text();
}

std::string image(const object& block) {
  const std::string title = text_object_at(block, "title");
  return link(title.empty() ? text_at(block, "alt_text") : title, text_at(block, "image_url"));
}

// Empty for what nobody reads.
std::string block_text(const object& block) {
  const std::string type = text_at(block, "type");
  if (type == "section") return section(block);
  if (type == "context") return context(block);
  if (type == "actions") return actions(block);
  if (type == "image") return image(block);
  if (type == "rich_text") return rich_text(block);
  if (type == "header" || type == "markdown") return text_object_at(block, "text");
  return {};
}

std::string blocks_text(const object& from) {
  Lines lines;
  each_at(from, "blocks", [&](const object& block) { lines.add(block_text(block)); });
  return std::move(lines).text();
}

std::string field_text(const object& field) {
  const std::string title = plain(text_at(field, "title"));
  const std::string value = plain(text_at(field, "value"));
  if (title.empty() || value.empty()) return title + value;
  return title + ": " + value;
}

std::string attachment_text(const object& attachment) {
  Lines lines;
  lines.add(plain(text_at(attachment, "pretext")));
  lines.add(plain(text_at(attachment, "author_name")));
  lines.add(link(plain(text_at(attachment, "title")), text_at(attachment, "title_link")));
  lines.add(plain(text_at(attachment, "text")));
  each_at(attachment, "fields", [&](const object& field) { lines.add(field_text(field)); });
  lines.add(blocks_text(attachment));
  each_at(attachment, "actions", [&](const object& action) { lines.add(button_text(action)); });
  // Who cannot show the rest is told this instead.
  if (lines.empty()) lines.add(plain(text_at(attachment, "fallback")));
  lines.add(text_at(attachment, "image_url"));
  return std::move(lines).text();
}

}  // namespace

bool is_slack(const object& payload) {
  return !text_at(payload, "text").empty() || has_list(payload, "blocks") || has_list(payload, "attachments");
}

std::string slack_text(const object& payload) {
  Lines lines;
  const std::string blocks = blocks_text(payload);
  lines.add(blocks.empty() ? plain(text_at(payload, "text")) : blocks);
  each_at(payload, "attachments", [&](const object& attachment) { lines.add(attachment_text(attachment)); });
  return std::move(lines).text();
}

}  // namespace hongyan::integration::payload
