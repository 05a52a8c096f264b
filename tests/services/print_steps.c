// Prints the tables of steps of all services as docs/steps.md has them; the test steps_doc compares
// the two.
#include <stdio.h>

#include "rules.pb-c.h"
#include "service/service.h"

static bool is_reached(const struct lq_steps *steps, int state)
{
    for (unsigned i = 0; i < steps->count; i++)
        if (steps->steps[i].from == state || steps->steps[i].to == state)
            return true;
    return false;
}

static void print_roles(uint32_t roles)
{
    const char *separator = "";
    for (unsigned i = 0; i < lq__role__descriptor.n_values; i++)
        if ((roles & (1u << lq__role__descriptor.values[i].value)) != 0) {
            printf("%s%s", separator, lq__role__descriptor.values[i].name);
            separator = ", ";
        }
}

// Of alternatives each: "starts CR8 or CR8c".
static void print_terms(const char *what, const char *terms)
{
    if (terms == NULL)
        return;
    printf("%s ", what);
    for (const char *c = terms; *c != '\0'; c++)
        if (*c == '|')
            printf(" or ");
        else
            putchar(*c);
}

static void print_step(struct lq_arena *arena, const struct lq_service *service,
                       const struct lq_steps *steps, const struct lq_step *step)
{
    const ProtobufCFieldDescriptor *command =
        protobuf_c_message_descriptor_get_field(service->command_type, step->command);
    const bool by_verb = step->command == LQ_BODY_TAKE_STEP;
    printf("| %s | %s | %s | ", lq_step_word(arena, steps, step->from),
           step->to == LQ_STEP_STAYS ? "(stays)" : lq_step_word(arena, steps, step->to),
           by_verb ? lq_word_of(arena, &rules__verb__descriptor, step->verb) : command->name);
    print_roles(by_verb ? step->who : lq_command_row(service, step->command)->who);
    printf(" | %s | ", step->needs != NULL ? step->needs : "");
    print_terms("ends", step->stops);
    if (step->stops != NULL && step->starts != NULL)
        printf("; ");
    print_terms("starts", step->starts);
    puts(" |");
}

static void print_steps(struct lq_arena *arena, const struct lq_service *service,
                        const struct lq_steps *steps)
{
    printf("\n## %s: %s\n\n| state | what may follow | by | who | needs | terms |\n"
           "|---|---|---|---|---|---|\n",
           service->name, steps->entity);
    for (unsigned i = 0; i < steps->states->n_values; i++) {
        const int state = steps->states->values[i].value;
        bool any = false;
        for (unsigned j = 0; j < steps->count; j++)
            if (steps->steps[j].from == state && !steps->steps[j].past) {
                print_step(arena, service, steps, &steps->steps[j]);
                any = true;
            }
        if (!any && is_reached(steps, state))
            printf("| %s | nothing | | | | |\n", lq_step_word(arena, steps, state));
    }
}

int main(void)
{
    struct lq_arena arena = {0};
    for (const struct lq_service *const *s = lq_services; *s != NULL; s++)
        for (const struct lq_steps *const *t = (*s)->steps; t != NULL && *t != NULL; t++)
            print_steps(&arena, *s, *t);
    lq_arena_free(&arena);
    return ferror(stdout) != 0;
}
