/* Three legs and two signed requests with liboauth. Settings come from the environment. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Needs size_t, and does not say so. */
#include <oauth.h>

static OAuthMethod method_of(const char *name) {
  if (strcmp(name, "HMAC-SHA1") == 0) return OA_HMAC;
  if (strcmp(name, "RSA-SHA1") == 0) return OA_RSA;
  if (strcmp(name, "PLAINTEXT") == 0) return OA_PLAINTEXT;
  fprintf(stderr, "liboauth has no %s\n", name);
  exit(2);
}

/* The decoded value of a member of a form-encoded answer. */
static char *member(const char *answer, const char *name) {
  char **pairs = NULL;
  int count = oauth_split_post_paramters(answer, &pairs, 1);
  size_t length = strlen(name);
  for (int n = 0; n < count; n++) {
    if (strncmp(pairs[n], name, length) == 0 && pairs[n][length] == '=') return strdup(pairs[n] + length + 1);
  }
  fprintf(stderr, "no %s in the answer: %s\n", name, answer);
  exit(1);
}

static char *post(const char *url, const char *form, const char *header) {
  return header == NULL ? oauth_http_post(url, form) : oauth_http_post2(url, form, header);
}

/* Signs in an Authorization header; the other parameters stay in the query. */
static char *sent_with_header(const char *url, const char *verb, OAuthMethod method, const char *secret,
                              const char *token, const char *token_secret) {
  char **pairs = NULL;
  int count = oauth_split_url_parameters(url, &pairs);
  oauth_sign_array2_process(&count, &pairs, NULL, method, verb, getenv("OAUTH1_KEY"), secret, token, token_secret);
  char *protocol = oauth_serialize_url_sep(count, 1, pairs, ", ", 6);
  char *target = oauth_serialize_url_sep(count, 0, pairs, "&", 1);
  char *header = malloc(strlen(protocol) + 30);
  sprintf(header, "Authorization: OAuth %s", protocol);
  return strcmp(verb, "POST") == 0 ? post(target, "", header) : oauth_http_get2(target, NULL, header);
}

/* Signs a URL with its query and sends it: as a form, in a header, or with everything in the query. */
static char *sent(const char *url, const char *verb, const char *token, const char *token_secret) {
  OAuthMethod method = method_of(getenv("OAUTH1_METHOD"));
  const char *secret = method == OA_RSA ? getenv("OAUTH1_RSA_KEY") : getenv("OAUTH1_SECRET");
  const char *place = getenv("OAUTH1_PLACE");
  char *answer = NULL;
  if (strcmp(place, "header") == 0) {
    answer = sent_with_header(url, verb, method, secret, token, token_secret);
  } else {
    char *form = NULL;
    char **body = strcmp(place, "body") == 0 && strcmp(verb, "POST") == 0 ? &form : NULL;
    char *target = oauth_sign_url2(url, body, method, verb, getenv("OAUTH1_KEY"), secret, token, token_secret);
    answer = strcmp(verb, "POST") == 0 ? post(target, body ? form : "", NULL) : oauth_http_get(target, NULL);
  }
  if (answer == NULL) {
    fprintf(stderr, "no answer from %s\n", url);
    exit(1);
  }
  return answer;
}

static char *joined(const char *url, const char *name, const char *value) {
  char *escaped = oauth_url_escape(value);
  char *whole = malloc(strlen(url) + strlen(name) + strlen(escaped) + 3);
  sprintf(whole, "%s?%s=%s", url, name, escaped);
  free(escaped);
  return whole;
}

int main(void) {
  char *initiate = joined(getenv("OAUTH1_INITIATE"), "oauth_callback", getenv("OAUTH1_CALLBACK"));
  char *temporary = sent(initiate, "POST", NULL, NULL);
  char *token = member(temporary, "oauth_token");
  char *secret = member(temporary, "oauth_token_secret");
  printf("AUTHORIZE %s?oauth_token=%s\n", getenv("OAUTH1_AUTHORIZE"), token);
  fflush(stdout);

  char verifier[200];
  if (fgets(verifier, sizeof verifier, stdin) == NULL) return 1;
  verifier[strcspn(verifier, "\n")] = '\0';
  char *exchange = sent(joined(getenv("OAUTH1_TOKEN"), "oauth_verifier", verifier), "POST", token, secret);
  token = member(exchange, "oauth_token");
  secret = member(exchange, "oauth_token_secret");

  const char *resource = getenv("OAUTH1_RESOURCE");
  const char *query = getenv("OAUTH1_QUERY");
  char *url = malloc(strlen(resource) + strlen(query) + 2);
  sprintf(url, "%s?%s", resource, query);
  if (strcmp(getenv("OAUTH1_PLACE"), "body") != 0) printf("RESULT %s\n", sent(url, "GET", token, secret));
  printf("RESULT %s\n", sent(url, "POST", token, secret));
  return 0;
}
