// The lines of policy.no_let_go (几不放过): what is to be answered before a task is closed. The
// county writes them; which line an answer is to, its number says: "1=…". What is kept has the
// line's words beside the answer, so that another policy changes nothing of what was answered.
#include "oversight.h"

// Of "12=text" or "12：text" the number and what follows; NULL: it is none of these.
static const char *read_answer(const char *text, size_t *line)
{
    static const char *const SIGNS[] = {"=", ":", "＝", "："};
    size_t digits = 0;
    for (*line = 0; text[digits] >= '0' && text[digits] <= '9' && digits < 3; digits++)
        *line = *line * 10 + (size_t)(text[digits] - '0');
    for (size_t i = 0; digits > 0 && i < sizeof SIGNS / sizeof *SIGNS; i++)
        if (strncmp(text + digits, SIGNS[i], strlen(SIGNS[i])) == 0)
            return text + digits + strlen(SIGNS[i]);
    return NULL;
}

// The answer to the line, which has a character that is no space; NULL: there is none.
static const char *answer_to(const Rules__Act *act, size_t line)
{
    for (size_t i = 0; i < act->n_answers; i++) {
        size_t of;
        const char *answer = read_answer(act->answers[i], &of);
        if (answer != NULL && of == line && answer[strspn(answer, " \t")] != '\0')
            return answer;
    }
    return NULL;
}

static struct lq_verdict need_lines(struct lq_decision *d, const char *number,
                                    const Rules__Act *act)
{
    const size_t count = d->facts->policy->no_let_go_count;
    for (size_t i = 0; i < act->n_answers; i++) {
        size_t line;
        if (read_answer(act->answers[i], &line) == NULL || line == 0 || line > count)
            return lq_reject(d, LQ_COMMON(CONDITION_MISSING),
                             "\"%s\" answers no line of task %s: 1=…, up to %u", act->answers[i],
                             number, (unsigned)count);
    }
    return LQ_ACCEPT;
}

struct lq_verdict oversight_need_answers(struct lq_decision *d, const char *number, Rules__Act *act)
{
    const struct lq_policy *policy = d->facts->policy;
    char **answers = LQ_NEW_ARRAY(d->arena, char *, policy->no_let_go_count + 1);
    const char *missing = "";
    LQ_TRY(need_lines(d, number, act));
    for (size_t i = 0; i < policy->no_let_go_count; i++) {
        const char *zh = policy->no_let_go[i].zh, *answer = answer_to(act, i + 1);
        if (answer == NULL)
            missing = lq_arena_format(d->arena, "%s%s%zu %s", missing,
                                      missing[0] != '\0' ? "; " : "", i + 1, zh);
        else
            answers[i] = lq_arena_format(d->arena, "%zu %s：%s", i + 1, zh, answer);
    }
    if (missing[0] != '\0')
        return lq_reject(d, LQ_COMMON(CONDITION_MISSING),
                         "task %s is closed once each line of no_let_go (policy.yaml) is answered; "
                         "not answered: %s",
                         number, missing);
    act->answers = answers;
    act->n_answers = policy->no_let_go_count;
    return LQ_ACCEPT;
}

void oversight_tell_lines(struct lq_reading *r, Oversight__TaskFile *file)
{
    file->n_lines = r->policy->no_let_go_count;
    file->lines = LQ_NEW_ARRAY(r->arena, Oversight__Line *, file->n_lines + 1);
    for (size_t i = 0; i < file->n_lines; i++) {
        Oversight__Line *line = LQ_NEW(r->arena, Oversight__Line);
        oversight__line__init(line);
        line->line = (uint32_t)i + 1;
        line->zh = lq_unconst(r->policy->no_let_go[i].zh);
        line->en = lq_unconst(r->policy->no_let_go[i].en);
        file->lines[i] = line;
    }
}
