#include "service/attached.h"

#include "rules.pb-c.h"
#include "service/service.h"

const struct lq_table lq_files = {"files", &rules__attached_file__descriptor};

bool lq_has_files(const struct lq_service *service)
{
    return lq_command_row(service, LQ_BODY_ATTACH) != NULL;
}
