#include "daemon/policy/rule_reader.h"

#include <optional>

#include "daemon/config/key_table.h"

namespace packetsentry::policy {
namespace {

constexpr std::size_t kRuleLimit = 1000;

// A key or a node.
template <typename Part>
std::uint32_t line_of(const Part& part) {
    return part.source().begin.line;
}

class Reader {
  public:
    Reader(const std::string& path, const Names& names) : names_(names) { policy_.path = path; }

    base::Result<Policy> file(const toml::table& table) {
        for (const auto& [key, node] : table) {
            if (key.str() != "rule")
                return mistake(line_of(key), "unknown key '" + std::string(key.str()) + "'");
            if (auto read = rules(node); !read) return std::unexpected(read.error());
        }
        return policy_;
    }

  private:
    base::Result<void> rules(const toml::node& node) {
        const toml::array* list = node.as_array();
        if (list == nullptr || list->size() > kRuleLimit)
            return mistake(line_of(node),
                           "rules are tables: each begins with [[rule]], and there are at most " +
                               std::to_string(kRuleLimit));
        for (const toml::node& one : *list) {
            const toml::table* table = one.as_table();
            if (table == nullptr)
                return mistake(line_of(one), "a rule must be a table that begins with [[rule]]");
            if (auto read = rule(*table); !read) return read;
        }
        return {};
    }

    base::Result<void> rule(const toml::table& table) {
        Rule rule;
        rule.line = line_of(table);
        const auto set = [&](const RuleKey& key, const toml::node& node) {
            return key.set(rule, node, names_);
        };
        if (auto read = config::read_keys(table, rule_keys(), policy_.path, set); !read) return read;
        if (rule.named.empty())
            return mistake(rule.line, "the rule must have 'user' or 'group', or it applies to nobody");
        if (!table.contains("actions")) return mistake(rule.line, "the rule must have 'actions'");
        policy_.rules.push_back(std::move(rule));
        return {};
    }

    [[nodiscard]] std::unexpected<base::Error> mistake(std::uint32_t line, const std::string& what) const {
        return config::mistake(policy_.path, line, what);
    }

    const Names& names_;
    Policy policy_;
};

}  // namespace

base::Result<Policy> read_rules(const std::string& text, const std::string& path, const Names& names) {
    const auto table = config::parse_toml(text, path);
    if (!table) return std::unexpected(table.error());
    return Reader(path, names).file(*table);
}

}  // namespace packetsentry::policy
