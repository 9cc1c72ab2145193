# Three legs and two signed requests with the gem oauth. Settings come from the environment.
require 'json'
require 'oauth'
require 'oauth/signature/plaintext'
require 'oauth/signature/rsa/sha1'

$stdout.sync = true
method = ENV.fetch('OAUTH1_METHOD')
schemes = { 'header' => :header, 'query' => :query_string, 'body' => :body }
parameters = JSON.parse(ENV.fetch('OAUTH1_PARAMETERS'))
options = {
  signature_method: method,
  scheme: schemes.fetch(ENV.fetch('OAUTH1_PLACE')),
  request_token_url: ENV.fetch('OAUTH1_INITIATE'),
  authorize_url: ENV.fetch('OAUTH1_AUTHORIZE'),
  access_token_url: ENV.fetch('OAUTH1_TOKEN')
}
# This gem takes the private key where the secret goes.
secret = method.start_with?('RSA') ? ENV.fetch('OAUTH1_RSA_KEY') : ENV.fetch('OAUTH1_SECRET')
secret = OpenSSL::PKey::RSA.new(secret) if method.start_with?('RSA')
consumer = OAuth::Consumer.new(ENV.fetch('OAUTH1_KEY'), secret, options)
request_token = consumer.get_request_token(oauth_callback: ENV.fetch('OAUTH1_CALLBACK'))
puts "AUTHORIZE #{request_token.authorize_url}"
verifier = $stdin.gets.strip
access_token = request_token.get_access_token(oauth_verifier: verifier)
resource = ENV.fetch('OAUTH1_RESOURCE')
query = parameters.map { |name, value| "#{OAuth::Helper.escape(name)}=#{OAuth::Helper.escape(value)}" }.join('&')
puts "RESULT #{access_token.get("#{resource}?#{query}").body}" unless ENV['OAUTH1_PLACE'] == 'body'
puts "RESULT #{access_token.post(resource, parameters.to_h).body}"
