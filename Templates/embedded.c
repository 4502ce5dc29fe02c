// The files of this folder that the program carries. To add one, add its lines here.

#include "Templates.h"

#define FILE_BYTES(name) static const unsigned char name[]

FILE_BYTES(guides_cht_hosting_yaml) = {
#embed "guides/cht-hosting.yaml"
};
FILE_BYTES(guides_commcare_hosting_yaml) = {
#embed "guides/commcare-hosting.yaml"
};
FILE_BYTES(guides_commcare_transition_fr_po) = {
#embed "guides/commcare-transition.fr.po"
};
FILE_BYTES(guides_commcare_transition_yaml) = {
#embed "guides/commcare-transition.yaml"
};
FILE_BYTES(documents_part_bid_parts_md_jinja) = {
#embed "documents/_bid_parts.md.jinja"
};
FILE_BYTES(documents_part_costs_md_jinja) = {
#embed "documents/_costs.md.jinja"
};
FILE_BYTES(documents_part_offers_md_jinja) = {
#embed "documents/_offers.md.jinja"
};
FILE_BYTES(documents_parts_md_jinja) = {
#embed "documents/_parts.md.jinja"
};
FILE_BYTES(documents_part_responses_md_jinja) = {
#embed "documents/_responses.md.jinja"
};
FILE_BYTES(documents_service_levels_md_jinja) = {
#embed "documents/_service_levels.md.jinja"
};
FILE_BYTES(documents_skills_md_jinja) = {
#embed "documents/_skills.md.jinja"
};
FILE_BYTES(documents_part_team_md_jinja) = {
#embed "documents/_team.md.jinja"
};
FILE_BYTES(documents_bid_checkpoint_matrix_md_jinja) = {
#embed "documents/bid-checkpoint-matrix.md.jinja"
};
FILE_BYTES(documents_bid_gap_report_md_jinja) = {
#embed "documents/bid-gap-report.md.jinja"
};
FILE_BYTES(documents_bid_response_md_jinja) = {
#embed "documents/bid-response.md.jinja"
};
FILE_BYTES(documents_blank_bid_md_jinja) = {
#embed "documents/blank-bid.md.jinja"
};
FILE_BYTES(documents_checkpoint_matrix_md_jinja) = {
#embed "documents/checkpoint-matrix.md.jinja"
};
FILE_BYTES(documents_comparison_md_jinja) = {
#embed "documents/comparison.md.jinja"
};
FILE_BYTES(documents_cost_estimate_md_jinja) = {
#embed "documents/cost-estimate.md.jinja"
};
FILE_BYTES(documents_evidence_report_md_jinja) = {
#embed "documents/evidence-report.md.jinja"
};
FILE_BYTES(documents_gap_report_md_jinja) = {
#embed "documents/gap-report.md.jinja"
};
FILE_BYTES(documents_guide_md_jinja) = {
#embed "documents/guide.md.jinja"
};
FILE_BYTES(documents_rfp_md_jinja) = {
#embed "documents/rfp.md.jinja"
};
FILE_BYTES(documents_skills_appendix_md_jinja) = {
#embed "documents/skills-appendix.md.jinja"
};
FILE_BYTES(documents_skills_matrix_md_jinja) = {
#embed "documents/skills-matrix.md.jinja"
};
FILE_BYTES(documents_sla_matrix_md_jinja) = {
#embed "documents/sla-matrix.md.jinja"
};
FILE_BYTES(documents_sla_offer_md_jinja) = {
#embed "documents/sla-offer.md.jinja"
};
FILE_BYTES(documents_tender_md_jinja) = {
#embed "documents/tender.md.jinja"
};
FILE_BYTES(languages_en_po) = {
#embed "languages/en.po"
};
FILE_BYTES(languages_fr_po) = {
#embed "languages/fr.po"
};
FILE_BYTES(layout_page_css) = {
#embed "layout/page.css"
};

FILE_BYTES(layout_page_html_jinja) = {
#embed "layout/page.html.jinja"
};

// What is slow to work out from the files above: 'sh dev ready' makes it anew. Where it is missing or
// older than they are, the program does without it.
#if __has_embed("ready/documents.places") == __STDC_EMBED_FOUND__
#define HAS_PLACES
FILE_BYTES(ready_documents_places) = {
#embed "ready/documents.places"
};
#endif

#if __has_embed("ready/documents.syntax") == __STDC_EMBED_FOUND__
#define HAS_SYNTAX
FILE_BYTES(ready_documents_syntax) = {
#embed "ready/documents.syntax"
};
#endif

#if __has_embed("ready/guides.nodes") == __STDC_EMBED_FOUND__
#define HAS_NODES
FILE_BYTES(ready_guides_nodes) = {
#embed "ready/guides.nodes"
};
#endif

#define FILE_ENTRY(path, name) {path, name, sizeof name}

static const struct rfpgen_embedded_file files[] = {
  FILE_ENTRY("guides/cht-hosting.yaml", guides_cht_hosting_yaml),
  FILE_ENTRY("guides/commcare-hosting.yaml", guides_commcare_hosting_yaml),
  FILE_ENTRY("guides/commcare-transition.fr.po", guides_commcare_transition_fr_po),
  FILE_ENTRY("guides/commcare-transition.yaml", guides_commcare_transition_yaml),
  FILE_ENTRY("documents/_bid_parts.md.jinja", documents_part_bid_parts_md_jinja),
  FILE_ENTRY("documents/_costs.md.jinja", documents_part_costs_md_jinja),
  FILE_ENTRY("documents/_offers.md.jinja", documents_part_offers_md_jinja),
  FILE_ENTRY("documents/_parts.md.jinja", documents_parts_md_jinja),
  FILE_ENTRY("documents/_responses.md.jinja", documents_part_responses_md_jinja),
  FILE_ENTRY("documents/_service_levels.md.jinja", documents_service_levels_md_jinja),
  FILE_ENTRY("documents/_skills.md.jinja", documents_skills_md_jinja),
  FILE_ENTRY("documents/_team.md.jinja", documents_part_team_md_jinja),
  FILE_ENTRY("documents/bid-checkpoint-matrix.md.jinja", documents_bid_checkpoint_matrix_md_jinja),
  FILE_ENTRY("documents/bid-gap-report.md.jinja", documents_bid_gap_report_md_jinja),
  FILE_ENTRY("documents/bid-response.md.jinja", documents_bid_response_md_jinja),
  FILE_ENTRY("documents/blank-bid.md.jinja", documents_blank_bid_md_jinja),
  FILE_ENTRY("documents/checkpoint-matrix.md.jinja", documents_checkpoint_matrix_md_jinja),
  FILE_ENTRY("documents/comparison.md.jinja", documents_comparison_md_jinja),
  FILE_ENTRY("documents/cost-estimate.md.jinja", documents_cost_estimate_md_jinja),
  FILE_ENTRY("documents/evidence-report.md.jinja", documents_evidence_report_md_jinja),
  FILE_ENTRY("documents/gap-report.md.jinja", documents_gap_report_md_jinja),
  FILE_ENTRY("documents/guide.md.jinja", documents_guide_md_jinja),
  FILE_ENTRY("documents/rfp.md.jinja", documents_rfp_md_jinja),
  FILE_ENTRY("documents/skills-appendix.md.jinja", documents_skills_appendix_md_jinja),
  FILE_ENTRY("documents/skills-matrix.md.jinja", documents_skills_matrix_md_jinja),
  FILE_ENTRY("documents/sla-matrix.md.jinja", documents_sla_matrix_md_jinja),
  FILE_ENTRY("documents/sla-offer.md.jinja", documents_sla_offer_md_jinja),
  FILE_ENTRY("documents/tender.md.jinja", documents_tender_md_jinja),
  FILE_ENTRY("languages/en.po", languages_en_po),
  FILE_ENTRY("languages/fr.po", languages_fr_po),
  FILE_ENTRY("layout/page.css", layout_page_css),
  FILE_ENTRY("layout/page.html.jinja", layout_page_html_jinja),
#ifdef HAS_NODES
  FILE_ENTRY("ready/guides.nodes", ready_guides_nodes),
#endif
#ifdef HAS_PLACES
  FILE_ENTRY("ready/documents.places", ready_documents_places),
#endif
#ifdef HAS_SYNTAX
  FILE_ENTRY("ready/documents.syntax", ready_documents_syntax),
#endif
  {0, 0, 0},
};

const struct rfpgen_embedded_file *rfpgen_embedded_files(void) { return files; }
