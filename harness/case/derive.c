#include "case/derive.h"

#include "case/draft.h"

static const ac_contract *find_creator(const ac_corpus *corpus, const ac_contract *contract)
{
    for (size_t i = 0; i < corpus->contract_count; i++) {
        const ac_contract *other = corpus->contracts[i];
        if (other != contract && other->behaviour.kind == AC_BEHAVIOUR_CREATE &&
            other->provider == contract->provider && ac_str_eq(other->product, contract->product) &&
            ac_str_eq(other->version, contract->version) &&
            ac_str_eq(other->behaviour.resource, contract->behaviour.resource)) {
            return other;
        }
    }
    return NULL;
}

static ac_str variable_for(const ac_variables *variables, ac_str resource)
{
    for (size_t i = 0; i < variables->count; i++) {
        const ac_variable *variable = &variables->items[i];
        if (variable->resource.n > 0 && ac_str_eq(variable->resource, resource)) {
            return variable->name;
        }
    }
    return (ac_str){NULL, 0};
}

/* The variable for the resource that the contract reads, lists or deletes. */
static ac_str created_variable(const ac_contract *contract)
{
    ac_str own = variable_for(&contract->variables, contract->behaviour.resource);
    return own.p ? own : variable_for(&contract->provider->variables, contract->behaviour.resource);
}

void ac_derive(ac_arena *arena, const ac_corpus *corpus, const ac_contract *contract, ac_case_list *out)
{
    bool companion = contract->behaviour.kind != AC_BEHAVIOUR_CREATE && contract->behaviour.resource.n > 0;
    const deriver d = {.arena = arena,
                       .corpus = corpus,
                       .contract = contract,
                       .creator = companion ? find_creator(corpus, contract) : NULL,
                       .created_variable = companion ? created_variable(contract) : (ac_str){NULL, 0},
                       .out = out};
    derive_flows(&d);
    derive_parameters(&d);
    derive_errors(&d);
    derive_client(&d);
}
