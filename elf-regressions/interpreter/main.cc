// A recursive-descent parser and tree-walking interpreter for a small language of 64-bit integers.
//
//   program   = { "fn" name "(" [ name { "," name } ] ")" block | statement }
//   statement = name "=" expr ";" | "print" expr ";" | "return" expr ";" | "while" expr block
//             | "if" expr block [ "else" block ] | expr ";"
//   expr      = operators || && == != < <= > >= + - * / % with the usual ranks, unary - and !, calls, names, numbers
//
// Input: the program text. What it prints goes to the UART. Outputs: hash of the printed values, their number, the last one.
#include "zisk.h"

namespace {

enum class Kind : uint8_t { Number, Variable, Unary, Binary, Call, Assign, Print, Return, While, If, Block, Evaluate };

struct Node {
  Kind kind;
  char op;            // first character of an operator; 'l' and 'g' for <= and >=, '!' for !=, '&' and '|' for && and ||
  int64_t value;      // number, or slot of a variable, or index of a function
  Node* first;        // operands and parts, in the order of the text
  Node* second;
  Node* third;
  Node* next;         // next statement or argument
};

struct Function {
  const char* name;
  uint32_t length;
  int64_t parameters;
  int64_t slots;
  Node* body;
};

[[noreturn]] void fail(const char* what) { zisk_panic(what); }

struct Name {
  const char* text;
  uint32_t length;
};

bool same(Name a, Name b) {
  if (a.length != b.length) return false;
  for (uint32_t i = 0; i < a.length; i++)
    if (a.text[i] != b.text[i]) return false;
  return true;
}

constexpr int kNodes = 20000, kFunctions = 64, kNames = 64;

Node nodes[kNodes];
int used_nodes;
Function functions[kFunctions];
int used_functions;

class Parser {
 public:
  Parser(const char* text, uint64_t length) : at_(text), end_(text + length) { advance(); }

  // The main program, as a function without parameters.
  Function program() {
    Node* statements = nullptr;
    Node** tail = &statements;
    while (token_ != 0) {
      if (word("fn")) {
        function();
        continue;
      }
      *tail = statement();
      tail = &(*tail)->next;
    }
    Node* body = make(Kind::Block);
    body->first = statements;
    return {"main", 4, 0, used_names_, body};
  }

 private:
  void function() {
    Name outer[kNames];
    int64_t outer_names = used_names_;
    for (int i = 0; i < outer_names; i++) outer[i] = names_[i];
    used_names_ = 0;
    if (used_functions == kFunctions) fail("too many functions");
    Function& f = functions[used_functions++];
    f.name = name_.text, f.length = name_.length;
    expect('a');
    expect('(');
    while (token_ != ')') {
      slot(name_);
      expect('a');
      if (token_ == ',') advance();
    }
    advance();
    f.parameters = used_names_;
    f.body = block();
    f.slots = used_names_;
    used_names_ = outer_names;
    for (int i = 0; i < outer_names; i++) names_[i] = outer[i];
  }

  Node* block() {
    expect('{');
    Node* node = make(Kind::Block);
    Node** tail = &node->first;
    while (token_ != '}') {
      if (token_ == 0) fail("open block");
      *tail = statement();
      tail = &(*tail)->next;
    }
    advance();
    return node;
  }

  Node* statement() {
    if (word("print")) return simple(Kind::Print);
    if (word("return")) return simple(Kind::Return);
    if (word("while")) {
      Node* node = make(Kind::While);
      node->first = expression(0);
      node->second = block();
      return node;
    }
    if (word("if")) {
      Node* node = make(Kind::If);
      node->first = expression(0);
      node->second = block();
      if (word("else")) node->third = block();
      return node;
    }
    if (token_ == 'a' && after_is_assignment()) {
      Node* node = make(Kind::Assign);
      node->value = slot(name_);
      advance();
      advance();
      node->first = expression(0);
      expect(';');
      return node;
    }
    return simple(Kind::Evaluate);
  }

  Node* simple(Kind kind) {
    Node* node = make(kind);
    node->first = expression(0);
    expect(';');
    return node;
  }

  static int rank(char op) {
    switch (op) {
      case '|': return 1;
      case '&': return 2;
      case 'e': case '!': return 3;
      case '<': case 'l': case '>': case 'g': return 4;
      case '+': case '-': return 5;
      case '*': case '/': case '%': return 6;
      default: return 0;
    }
  }

  Node* expression(int lowest) {
    Node* left = primary();
    while (rank(token_) > lowest) {
      Node* node = make(Kind::Binary);
      node->op = token_;
      advance();
      node->first = left;
      node->second = expression(rank(node->op));
      left = node;
    }
    return left;
  }

  Node* primary() {
    if (token_ == '0') {
      Node* node = make(Kind::Number);
      node->value = number_;
      advance();
      return node;
    }
    if (token_ == '(') {
      advance();
      Node* node = expression(0);
      expect(')');
      return node;
    }
    if (token_ == '-' || token_ == 'n') {
      Node* node = make(Kind::Unary);
      node->op = token_;
      advance();
      node->first = primary();
      return node;
    }
    Name name = name_;
    expect('a');
    if (token_ != '(') {
      Node* node = make(Kind::Variable);
      node->value = slot(name);
      return node;
    }
    advance();
    Node* node = make(Kind::Call);
    node->value = -1;
    for (int i = 0; i < used_functions; i++)
      if (same(name, {functions[i].name, functions[i].length})) node->value = i;
    if (node->value < 0) fail("unknown function");
    int64_t arguments = 0;
    for (Node** tail = &node->first; token_ != ')'; arguments++) {
      *tail = expression(0);
      tail = &(*tail)->next;
      if (token_ == ',') advance();
    }
    advance();
    if (arguments != functions[node->value].parameters) fail("wrong number of arguments");
    return node;
  }

  int64_t slot(Name name) {
    for (int i = 0; i < used_names_; i++)
      if (same(names_[i], name)) return i;
    if (used_names_ == kNames) fail("too many names");
    names_[used_names_] = name;
    return used_names_++;
  }

  Node* make(Kind kind) {
    if (used_nodes == kNodes) fail("program too large");
    Node* node = &nodes[used_nodes++];
    node->kind = kind;
    return node;
  }

  bool word(const char* text) {
    uint32_t length = 0;
    while (text[length]) length++;
    if (token_ != 'a' || !same(name_, {text, length})) return false;
    advance();
    return true;
  }

  void expect(char token) {
    if (token_ != token) fail("syntax error");
    advance();
  }

  bool after_is_assignment() const {
    const char* p = at_;
    while (p < end_ && *p == ' ') p++;
    return p < end_ && *p == '=' && (p + 1 == end_ || p[1] != '=');
  }

  static bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
  static bool digit(char c) { return c >= '0' && c <= '9'; }

  // Sets token_: 0 at the end, 'a' name, '0' number, 'e' ==, 'l' <=, 'g' >=, 'n' prefix !, else the character.
  void advance() {
    while (at_ < end_ && (*at_ == ' ' || *at_ == '\n')) at_++;
    if (at_ == end_) {
      token_ = 0;
      return;
    }
    char c = *at_;
    if (letter(c)) {
      const char* start = at_;
      while (at_ < end_ && (letter(*at_) || digit(*at_))) at_++;
      name_ = {start, uint32_t(at_ - start)};
      token_ = 'a';
      return;
    }
    if (digit(c)) {
      number_ = 0;
      while (at_ < end_ && digit(*at_)) number_ = number_ * 10 + (*at_++ - '0');
      token_ = '0';
      return;
    }
    char d = at_ + 1 < end_ ? at_[1] : 0;
    bool twice = (d == '=' && (c == '=' || c == '!' || c == '<' || c == '>')) || (c == d && (c == '&' || c == '|'));
    at_ += twice ? 2 : 1;
    if (twice) token_ = c == '=' ? 'e' : c == '<' ? 'l' : c == '>' ? 'g' : c;
    else token_ = c == '!' ? 'n' : c;
  }

  const char* at_;
  const char* end_;
  char token_ = 0;
  Name name_ = {};
  int64_t number_ = 0;
  Name names_[kNames];
  int64_t used_names_ = 0;
};

uint64_t printed_hash = UINT64_C(0xcbf29ce484222325), printed_count;
int64_t last_printed;

void print(int64_t value) {
  char digits[24];
  int n = 0;
  uint64_t rest = value < 0 ? -uint64_t(value) : uint64_t(value);
  do digits[n++] = char('0' + rest % 10);
  while (rest /= 10);
  if (value < 0) zisk_putc('-');
  while (n) zisk_putc(digits[--n]);
  zisk_putc('\n');
  printed_hash = (printed_hash ^ uint64_t(value)) * UINT64_C(0x100000001b3);
  printed_count++;
  last_printed = value;
}

struct Frame {
  int64_t slots[kNames];
  int64_t result = 0;
  bool returned = false;
};

Frame main_frame;

int64_t evaluate(const Node* node, Frame& frame);

int64_t binary(const Node* node, Frame& frame) {
  int64_t a = evaluate(node->first, frame);
  if (node->op == '&') return a && evaluate(node->second, frame);
  if (node->op == '|') return a || evaluate(node->second, frame);
  int64_t b = evaluate(node->second, frame);
  switch (node->op) {
    case '+': return int64_t(uint64_t(a) + uint64_t(b));
    case '-': return int64_t(uint64_t(a) - uint64_t(b));
    case '*': return int64_t(uint64_t(a) * uint64_t(b));
    case '/':
      if (b == 0) fail("division by zero");
      return b == -1 ? int64_t(-uint64_t(a)) : a / b;
    case '%':
      if (b == 0) fail("division by zero");
      return b == -1 ? 0 : a % b;
    case 'e': return a == b;
    case '!': return a != b;
    case '<': return a < b;
    case 'l': return a <= b;
    case '>': return a > b;
    default: return a >= b;
  }
}

void execute(const Node* node, Frame& frame) {
  switch (node->kind) {
    case Kind::Block:
      for (const Node* part = node->first; part && !frame.returned; part = part->next) execute(part, frame);
      return;
    case Kind::Assign: frame.slots[node->value] = evaluate(node->first, frame); return;
    case Kind::Print: print(evaluate(node->first, frame)); return;
    case Kind::Return:
      frame.result = evaluate(node->first, frame);
      frame.returned = true;
      return;
    case Kind::While:
      while (!frame.returned && evaluate(node->first, frame)) execute(node->second, frame);
      return;
    case Kind::If:
      if (evaluate(node->first, frame)) execute(node->second, frame);
      else if (node->third) execute(node->third, frame);
      return;
    default: evaluate(node->first, frame);
  }
}

int64_t evaluate(const Node* node, Frame& frame) {
  switch (node->kind) {
    case Kind::Number: return node->value;
    case Kind::Variable: return frame.slots[node->value];
    case Kind::Unary: {
      int64_t a = evaluate(node->first, frame);
      return node->op == '-' ? int64_t(-uint64_t(a)) : !a;
    }
    case Kind::Binary: return binary(node, frame);
    default: {
      const Function& f = functions[node->value];
      Frame inner;
      for (int64_t i = 0; i < f.slots; i++) inner.slots[i] = 0;
      int64_t i = 0;
      for (const Node* argument = node->first; argument; argument = argument->next) inner.slots[i++] = evaluate(argument, frame);
      execute(f.body, inner);
      return inner.result;
    }
  }
}

}  // namespace

// A freestanding compiler gives main no special treatment.
extern "C" int main() {
  static const char example[] = "fn twice(x) { return x + x; } print twice(21);";
  zisk_record text = zisk_next_record();
  Function main_function =
      (text.length ? Parser(reinterpret_cast<const char*>(text.data), text.length) : Parser(example, sizeof example - 1)).program();
  execute(main_function.body, main_frame);
  zisk_set_output_u64(0, printed_hash);
  zisk_set_output_u64(2, printed_count);
  zisk_set_output_u64(4, uint64_t(last_printed));
  return 0;
}
