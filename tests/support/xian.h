// Whose papers are issued in tests: the names of configs/xian/policy.yaml.
#pragma once

#include "config/forms.h"

static const struct lq_paper_names LQ_NAMES_OF_XIAN = {
    .agency = "献县环境保护局",
    .abbreviation = "献环",
    .government = "献县人民政府",
    .superior = "沧州市环境保护局",
    .court = "献县人民法院",
    .public_security = "献县公安局",
};
