// Generated from schemas/ by `npm run generate`. Do not edit.
var __getOwnPropNames = Object.getOwnPropertyNames;
var __commonJS = (cb, mod) => function __require() {
  try {
    return mod || (0, cb[__getOwnPropNames(cb)[0]])((mod = { exports: {} }).exports, mod), mod.exports;
  } catch (e) {
    throw mod = 0, e;
  }
};

// node_modules/ajv/dist/runtime/ucs2length.js
var require_ucs2length = __commonJS({
  "node_modules/ajv/dist/runtime/ucs2length.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    function ucs2length(str) {
      const len = str.length;
      let length = 0;
      let pos = 0;
      let value;
      while (pos < len) {
        length++;
        value = str.charCodeAt(pos++);
        if (value >= 55296 && value <= 56319 && pos < len) {
          value = str.charCodeAt(pos);
          if ((value & 64512) === 56320)
            pos++;
        }
      }
      return length;
    }
    exports.default = ucs2length;
    ucs2length.code = 'require("ajv/dist/runtime/ucs2length").default';
  }
});

// <stdin>
var authenticate = validate42;
var func1 = require_ucs2length().default;
function validate42(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate42.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (errors === 0) {
    if (data && typeof data == "object" && !Array.isArray(data)) {
      let missing0;
      if (data.body === void 0 && (missing0 = "body")) {
        validate42.errors = [{ instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: missing0 }, message: "must have required property '" + missing0 + "'" }];
        return false;
      } else {
        if (data.body !== void 0) {
          let data0 = data.body;
          const _errs2 = errors;
          if (errors === _errs2) {
            if (data0 && typeof data0 == "object" && !Array.isArray(data0)) {
              let missing1;
              if (data0.action === void 0 && (missing1 = "action") || data0.token === void 0 && (missing1 = "token")) {
                validate42.errors = [{ instancePath: instancePath + "/body", schemaPath: "https://shout-box.dev/schemas/client.json#/$defs/Authenticate/required", keyword: "required", params: { missingProperty: missing1 }, message: "must have required property '" + missing1 + "'" }];
                return false;
              } else {
                const _errs4 = errors;
                for (const key0 in data0) {
                  if (!(key0 === "action" || key0 === "token")) {
                    validate42.errors = [{ instancePath: instancePath + "/body", schemaPath: "https://shout-box.dev/schemas/client.json#/$defs/Authenticate/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties" }];
                    return false;
                    break;
                  }
                }
                if (_errs4 === errors) {
                  if (data0.action !== void 0) {
                    const _errs5 = errors;
                    if ("authenticate" !== data0.action) {
                      validate42.errors = [{ instancePath: instancePath + "/body/action", schemaPath: "https://shout-box.dev/schemas/client.json#/$defs/Authenticate/properties/action/const", keyword: "const", params: { allowedValue: "authenticate" }, message: "must be equal to constant" }];
                      return false;
                    }
                    var valid2 = _errs5 === errors;
                  } else {
                    var valid2 = true;
                  }
                  if (valid2) {
                    if (data0.token !== void 0) {
                      let data2 = data0.token;
                      const _errs6 = errors;
                      if (errors === _errs6) {
                        if (typeof data2 === "string") {
                          if (func1(data2) > 8192) {
                            validate42.errors = [{ instancePath: instancePath + "/body/token", schemaPath: "https://shout-box.dev/schemas/client.json#/$defs/Authenticate/properties/token/maxLength", keyword: "maxLength", params: { limit: 8192 }, message: "must NOT have more than 8192 characters" }];
                            return false;
                          } else {
                            if (func1(data2) < 1) {
                              validate42.errors = [{ instancePath: instancePath + "/body/token", schemaPath: "https://shout-box.dev/schemas/client.json#/$defs/Authenticate/properties/token/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" }];
                              return false;
                            }
                          }
                        } else {
                          validate42.errors = [{ instancePath: instancePath + "/body/token", schemaPath: "https://shout-box.dev/schemas/client.json#/$defs/Authenticate/properties/token/type", keyword: "type", params: { type: "string" }, message: "must be string" }];
                          return false;
                        }
                      }
                      var valid2 = _errs6 === errors;
                    } else {
                      var valid2 = true;
                    }
                  }
                }
              }
            } else {
              validate42.errors = [{ instancePath: instancePath + "/body", schemaPath: "https://shout-box.dev/schemas/client.json#/$defs/Authenticate/type", keyword: "type", params: { type: "object" }, message: "must be object" }];
              return false;
            }
          }
        }
      }
    } else {
      validate42.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" }];
      return false;
    }
  }
  validate42.errors = vErrors;
  return errors === 0;
}
validate42.evaluated = { "props": { "body": true }, "dynamicProps": false, "dynamicItems": false };
export {
  authenticate
};
