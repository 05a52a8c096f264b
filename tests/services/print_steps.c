// Prints the tables of steps of all services as docs/steps.md has them; the test steps_doc compares
// the two.
#include <stdio.h>

#include "service/service.h"

static bool is_reached(const struct lq_steps *steps, int state)
{
    for (unsigned i = 0; i < steps->count; i++)
        if (steps->steps[i].from == state || steps->steps[i].to == state)
            return true;
    return false;
}

static void print_steps(struct lq_arena *arena, const char *service, const struct lq_steps *steps)
{
    printf("\n## %s: %s\n\n| state | what may follow |\n|---|---|\n", service, steps->entity);
    for (unsigned i = 0; i < steps->states->n_values; i++) {
        const int state = steps->states->values[i].value;
        if (is_reached(steps, state))
            printf("| %s | %s |\n", lq_step_word(arena, steps, state),
                   lq_steps_from(arena, steps, state));
    }
}

int main(void)
{
    struct lq_arena arena = {0};
    for (const struct lq_service *const *s = lq_services; *s != NULL; s++)
        for (const struct lq_steps *const *t = (*s)->steps; t != NULL && *t != NULL; t++)
            print_steps(&arena, (*s)->name, *t);
    lq_arena_free(&arena);
    return ferror(stdout) != 0;
}
